"""Worked examples on the page of a version: computed by its own rules."""

from datetime import date

from scoring.policy.examples import worked_examples
from scoring.policy.rulebook_files import load_packs
from scoring.policy.rulebook_parts import MeasureKind

PACKS = {pack.label: pack for pack in load_packs()}


def test_every_rung_of_the_ladder_has_an_example() -> None:
    found = {example.points: example for example in worked_examples(PACKS["national@1"])}
    assert list(found) == [1, 3, 6, 9, 10, 11, 12]
    assert (found[1].measure, found[1].reminders) == (None, ())
    assert (found[6].measure, found[6].reminders) == (None, (3, 6))
    suspended, terminated = found[10].measure, found[12].measure
    assert suspended is not None
    assert terminated is not None
    assert (suspended.kind, suspended.months_imposed) == (MeasureKind.SUSPEND, 4)
    assert (terminated.kind, terminated.ends_on) == (MeasureKind.TERMINATE, date(2028, 1, 10))


def test_a_repeal_has_none() -> None:
    assert worked_examples(PACKS["hunan@2"]) == ()
