"""What the files of a case, a repair or a new registration may still be needed for, and when that ended."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from cases.models import Appeal, Attribution, CaseFile, RepairApplication, ReregistrationApplication
from cases.models.appeal import OPEN_STATES
from cases.policy.retention import Kept, Mark, RetentionRule, kept_until, parse_rules, rule_on
from cases.selectors.appeals import appeal_deadline
from cases.states import State
from cases.states.repair import EntryState
from cases.states.repair import State as RepairState
from institutions.clock import local_date
from scoring.policy.terms import add_months
from scoring.selectors.accounts import load_account

RULES = Path(__file__).resolve().parent.parent / "retention_rules" / "rules.yaml"


@cache
def retention_rules() -> tuple[RetentionRule, ...]:
    """Return the rules that come with the product, by date."""
    return tuple(parse_rules(yaml.safe_load(RULES.read_text(encoding="utf-8"))))


def kept_for_case(case: CaseFile, *, on: date) -> Kept:
    """Return until when every file of a case has to be kept."""
    rule = rule_on(retention_rules(), on)
    return kept_until(_case_marks(case, rule, on), rule.case_months)


def kept_for_repair(application: RepairApplication, *, on: date) -> Kept:
    """Return until when the files of a repair have to be kept; one that nobody went on with is not open for ever."""
    rule = rule_on(retention_rules(), on)
    if application.state == RepairState.STARTED:
        return kept_until([Mark("started", local_date(application.started_at))], rule.abandoned_months)
    ended = application.decided_at or application.withdrawn_at
    marks = [Mark(str(application.state), local_date(ended) if ended else None)]
    if application.credited_on is not None:  # it counts in that year
        marks.append(Mark("year_of_credit", date(application.credited_on.year, 12, 31)))
    return kept_until(marks, rule.repair_months)


def kept_for_reregistration(application: ReregistrationApplication, *, on: date) -> Kept:
    """Return until when the files of a new registration have to be kept: while it runs, its commitment is needed."""
    rule = rule_on(retention_rules(), on)
    ended = application.decided_at or application.withdrawn_at
    marks = [Mark(str(application.state), local_date(ended) if ended else None)]
    if application.state == EntryState.APPROVED and application.registration is not None:
        marks.append(Mark("registration", application.registration.ends_on))
    return kept_until(marks, rule.repair_months)


def _case_marks(case: CaseFile, rule: RetentionRule, on: date) -> Iterator[Mark]:
    yield Mark("case_opened", local_date(case.opened_at))
    if case.basis.annulled_on is not None:
        yield Mark("basis_annulled", case.basis.annulled_on)
    for attribution in case.attributions.select_related("practitioner", "case__institution", "entry"):
        yield from _attribution_marks(attribution, case, rule, on)


def _attribution_marks(attribution: Attribution, case: CaseFile, rule: RetentionRule, on: date) -> Iterator[Mark]:
    state = State(attribution.state)
    if state is State.DRAFT:
        given_up = add_months(local_date(case.opened_at), rule.abandoned_months)
        yield Mark("draft", given_up if given_up < on else None)
    elif state is State.REJECTED:
        yield Mark("rejected", _day(attribution, "decided_at"))
    elif state is State.SET_ASIDE:
        yield Mark("set_aside", _day(attribution, "set_aside_at"))
    elif state is not State.EFFECTIVE:
        yield Mark(f"procedure_{state}", None)
    else:
        yield Mark("appeal_window", appeal_deadline(attribution).on)
        yield from _measure_marks(attribution)
    if attribution.statement_deadline_on is not None:
        yield Mark("statement_window", attribution.statement_deadline_on)
    for appeal in Appeal.objects.filter(attribution=attribution):
        yield from _appeal_marks(appeal)


def _measure_marks(attribution: Attribution) -> Iterator[Mark]:
    """The year in which the points count, the measures they caused, and a bar until the person is registered anew."""
    assert attribution.entry is not None  # constraint effect_has_an_entry
    yield Mark("points_year", date(attribution.entry.year, 12, 31))
    account = load_account(attribution.practitioner).account
    ref = attribution.source_key
    for measure in account.measures:
        if measure.award != ref:
            continue
        yield Mark("measure", measure.ends_on)
        after = account.status_on(measure.ends_on)
        if after.status == "terminated" and measure.termination_end == "application":
            back = [event.on for event in account.reregistrations if event.on > measure.ends_on]
            yield Mark("bar_until_registered_anew", min(back) if back else None)


def _appeal_marks(appeal: Appeal) -> Iterator[Mark]:
    if appeal.state in OPEN_STATES:
        yield Mark("appeal", None)
        return
    assert appeal.decided_at is not None  # constraint appeal_is_closed_with_outcome_and_reasons
    yield Mark("appeal", local_date(appeal.decided_at))
    if appeal.second_level_until_on is not None:
        yield Mark("second_level_window", appeal.second_level_until_on)


def _day(attribution: Attribution, field: str) -> date | None:
    instant = getattr(attribution, field)
    return local_date(instant) if instant else None
