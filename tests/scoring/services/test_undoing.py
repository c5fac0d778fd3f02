"""What a reversal undoes: every line ticked, every past recipient and reader told, days given back site by site."""

from datetime import date

import pytest

from institutions.models import Notice, NoticeKind
from institutions.services.notices import recipient_key
from scoring.consequences.registry import NOTICE, REGISTRY
from scoring.enums import ConsequenceKind
from scoring.models import Consequence, ConsequenceReversal, Measure
from scoring.selectors.accounts import load_account
from scoring.selectors.manifests import restoration_manifest
from scoring.services import ledger, readers, scorecards
from scoring.services.verification import describe, verify_ledger
from tests.cases.last_write import LastWriteError, fail_on
from tests.factories.award import at_noon
from tests.factories.award import post_award as award
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory

pytestmark = pytest.mark.django_db

SERVED, FELL = date(2025, 6, 10), date(2025, 9, 1)


@pytest.fixture
def person():
    made = PractitionerFactory()
    RegistrationFactory(practitioner=made, institution=InstitutionFactory(code="H15042200011"))
    RegistrationFactory(
        practitioner=made, institution=InstitutionFactory(code="H15042200012"), starts_on=date(2025, 7, 1)
    )
    return made


def reverse(entry, on=FELL):
    return ledger.reverse_award(entry=entry, reason="申诉成立", by=None, now=at_noon(on))


def open_kinds(entry):
    return set(Consequence.objects.filter(entry=entry, reversal__isnull=True).values_list("kind", flat=True))


def test_there_is_one_class_for_every_kind():
    assert set(REGISTRY) == set(ConsequenceKind)
    assert all(kind.kind is name for name, kind in REGISTRY.items())


def test_every_line_is_ticked_with_how(person):
    entry = award(person, 12, on=SERVED)
    assert open_kinds(entry) == {"entry", "measure", "scorecard", "notice"}
    reverse(entry)
    assert open_kinds(entry) == set()
    manifest = restoration_manifest(entry)
    assert (manifest.open_count, manifest.is_undone, manifest.points) == (0, True, 12)
    assert all(line.what and line.how for line in manifest.lines)
    assert {line.kind for line in manifest.lines} == {"entry", "measure", "scorecard", "notice", "claims"}


def test_days_are_given_back_site_by_site_and_told_to_each_site(person):
    entry = award(person, 12, on=SERVED)
    reverse(entry)
    claims = [(c.code, c.first, c.last) for c in restoration_manifest(entry).claims_to_resubmit]
    first = date(2025, 6, 11)
    assert claims == [("H15042200011", first, FELL), ("H15042200012", date(2025, 7, 1), FELL)]
    told = Notice.objects.get(kind=NoticeKind.CORRECTION, institution__code="H15042200012")
    (given,) = told.payload["given_back"]
    assert (given["from"], given["until"]) == ("2025-07-01", "2025-09-01")


def test_every_past_reader_is_told_even_one_that_was_never_notified(person):
    entry = award(person, 12, on=SERVED)
    stranger = InstitutionFactory(code="H43010200099")
    readers.note_reading(practitioner=person, reader=stranger, now=at_noon(date(2025, 6, 20)))
    readers.note_reading(practitioner=person, reader=stranger, now=at_noon(date(2025, 6, 21)))
    assert Consequence.objects.filter(kind=ConsequenceKind.READER).count() == 1
    reverse(entry)
    correction = Notice.objects.get(kind=NoticeKind.CORRECTION, recipient_key=recipient_key(stranger))
    assert correction.payload["corrects"] == []
    assert open_kinds(entry) == set()


def test_reading_a_record_without_points_leaves_nothing(person):
    readers.note_readings(practitioners=[person.pk], reader=InstitutionFactory(), now=at_noon(SERVED))
    assert not Consequence.objects.exists()


def test_measures_of_other_awards_that_changed_are_on_the_list(person):
    falls = award(person, 9, on=SERVED)
    stays = award(person, 2, on=date(2025, 6, 20))
    before = set(Measure.objects.filter(entry=stays).values_list("pk", flat=True))
    assert before
    reverse(falls, date(2025, 6, 25))
    listed = Consequence.objects.filter(entry=falls, kind=ConsequenceKind.MEASURE).values_list("target", flat=True)
    assert {str(pk) for pk in before} <= set(listed)
    assert open_kinds(falls) == set()
    assert open_kinds(stays) >= {"entry"}
    assert verify_ledger() == []


def test_what_another_award_told_otherwise_is_corrected_and_told_anew(person):
    falls = award(person, 9, on=SERVED)
    stays = award(person, 3, on=date(2025, 6, 20))
    told = Notice.objects.filter(kind=NoticeKind.STATUS_CHANGE, cause=stays.source_key, practitioner=person).get()
    assert told.payload["effect"] == "terminated"
    reverse(falls, date(2025, 6, 25))
    correction = Notice.objects.get(kind=NoticeKind.CORRECTION, practitioner=person)
    assert told.number in correction.payload["corrects"]
    assert correction.payload["effect"] == "normal"
    reminders = Notice.objects.filter(kind=NoticeKind.REMINDER, practitioner=person).order_by("number")
    assert [(n.payload["points"], n.number in correction.payload["corrects"]) for n in reminders] == [
        (9, True),
        (3, False),
    ]


def test_a_varied_award_is_told_and_its_corrections_are_effects_of_it(person):
    entry = award(person, 12, on=SERVED)
    varied = ledger.vary_award(entry=entry, points=9, reason="部分成立", by=None, now=at_noon(FELL))
    told = Notice.objects.filter(kind=NoticeKind.STATUS_CHANGE, practitioner=person).latest("number")
    assert (told.payload["effect"], told.payload["effect_until"]) == ("suspended", "2025-08-10")
    corrections = Notice.objects.filter(kind=NoticeKind.CORRECTION).values_list("number", flat=True)
    noted = Consequence.objects.filter(entry=varied, kind=ConsequenceKind.NOTICE).values_list("target", flat=True)
    assert set(corrections) <= set(noted)
    reverse(varied, date(2025, 9, 20))
    again = Notice.objects.get(kind=NoticeKind.CORRECTION, practitioner=person, payload__outcome="reversed")
    assert set(again.payload["corrects"]) & set(corrections)
    assert restoration_manifest(entry).open_count == 0
    assert verify_ledger() == []


def test_a_second_reversal_changes_nothing(person):
    entry = award(person, 12, on=SERVED)
    first = reverse(entry)
    counts = Notice.objects.count(), ConsequenceReversal.objects.count()
    assert reverse(entry, date(2025, 9, 5)) == first
    assert counts == (Notice.objects.count(), ConsequenceReversal.objects.count())


def test_an_open_line_is_found_and_the_person_named(person):
    entry = award(person, 12, on=SERVED)
    reverse(entry)
    late = Notice.objects.filter(kind=NoticeKind.CORRECTION).earliest("number")
    NOTICE.cause(entry=entry, thing=late, now=at_noon(FELL))
    (drift,) = verify_ledger()
    assert drift.check == "undone"
    line = describe(drift)
    assert person.name in line
    assert late.number in line


def test_nothing_remains_when_the_last_write_fails(person, monkeypatch):
    entry = award(person, 12, on=SERVED)
    scorecards.publish_dirty(now=at_noon(SERVED))
    fail_on(monkeypatch, "scoring.services.consequences.ConsequenceReversal.objects.bulk_create")
    with pytest.raises(LastWriteError):
        reverse(entry)
    assert not hasattr(type(entry).objects.get(pk=entry.pk), "reversal")
    assert not Notice.objects.filter(kind=NoticeKind.CORRECTION).exists()
    assert load_account(person).account.status_on(FELL).status == "terminated"
