"""What a stranger may see, and that it is never stale."""

from datetime import date, timedelta

import pytest

from institutions.errors import NotThere
from institutions.models import Practitioner
from scoring.models import Scorecard
from scoring.selectors import scorecards as selector
from scoring.selectors.public_facts import PublicScorecard
from scoring.selectors.scorecards import public_scorecard, served_scorecard
from scoring.services import ledger, scorecards
from tests.factories.award import at_noon, line, post_award, registered
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 10)
NEXT = DAY + timedelta(days=1)


def served(person: Practitioner, on: date) -> PublicScorecard:
    return served_scorecard(person.slug, on=on, now=at_noon(on)).card


def publish(on: date) -> int:
    return scorecards.publish_dirty(now=at_noon(on))


def test_a_clean_doctor_is_qualified_with_zero_points() -> None:
    card = served(registered(), DAY)
    assert (card.points, card.status, card.entries, card.next_reset_on) == (0, "normal", (), "2026-01-01")
    assert card.points_by_year[0].points == 0


def test_a_published_row_gives_the_same_facts_as_computing_them() -> None:
    person = registered()
    post_award(person, 12, DAY)
    assert publish(NEXT) == 1
    assert served(person, NEXT) == public_scorecard(person, on=NEXT)
    assert served(person, NEXT).status == "terminated"


def test_a_row_rendered_before_the_measure_begins_is_not_served_the_day_after() -> None:
    person = registered()
    post_award(person, 12, DAY)
    publish(DAY)
    assert served(person, DAY).status == "normal"
    assert Scorecard.objects.get().valid_until == DAY
    assert served(person, NEXT).status == "terminated"


def test_a_dirty_row_is_not_served() -> None:
    person = registered()
    entry = post_award(person, 12, DAY)
    publish(NEXT)
    ledger.reverse_award(entry=entry, reason="撤销", by=None, now=at_noon(NEXT))
    old = Scorecard.objects.get().body
    assert old is not None
    assert old["points"] == 12  # still the old row
    assert served(person, NEXT).points == 0


def test_new_year_resets_the_points_and_keeps_the_measure_with_last_years_total() -> None:
    person = registered()
    post_award(person, 10, date(2025, 12, 1))
    publish(date(2025, 12, 2))
    assert Scorecard.objects.get().valid_until == date(2025, 12, 31)
    card = served(person, date(2026, 1, 1))
    assert (card.points, card.status, card.until) == (0, "suspended", "2026-04-01")
    assert [(y.year, y.points) for y in card.points_by_year] == [(2026, 0), (2025, 10)]
    assert card.next_reset_on == "2027-01-01"


def test_entries_leave_the_page_at_the_end_of_the_year_the_person_stays() -> None:
    person = registered()
    post_award(person, 4, DAY)
    assert len(served(person, DAY).entries) == 1
    after = served(person, date(2026, 1, 1))
    assert (after.entries, after.points, after.status) == ((), 0, "normal")


def test_reversed_entries_never_appear() -> None:
    person = registered()
    entry = post_award(person, 4, DAY)
    ledger.vary_award(entry=entry, points=2, reason="部分成立", by=None, now=at_noon(NEXT))
    assert [e.points for e in served(person, NEXT).entries] == [2]


def test_a_new_site_takes_the_published_row_out_of_service() -> None:
    person = registered()
    post_award(person, 4, DAY)
    publish(NEXT)
    RegistrationFactory.create(practitioner=person)
    Practitioner.objects.filter(pk=person.pk).update(profile_changed_at=at_noon(NEXT + timedelta(days=1)))
    assert len(served(person, NEXT + timedelta(days=1)).institutions) == 2


@pytest.mark.parametrize("change", [{"is_provisional": True}, {"merged": True}])
def test_provisional_and_merged_persons_are_not_there(change: dict[str, bool]) -> None:
    person = registered()
    if change.get("merged"):
        Practitioner.objects.filter(pk=person.pk).update(merged_into=PractitionerFactory.create())
    else:
        Practitioner.objects.filter(pk=person.pk).update(**change)
    with pytest.raises(NotThere):
        served(person, DAY)


def test_only_listed_fields_are_public() -> None:
    person = registered()
    post_award(person, 12, DAY)
    body = served_scorecard(person.slug, on=NEXT, now=at_noon(NEXT)).body.decode()
    code = person.codes.get().code
    for private in (code, str(person.id), "巴医保案", "批量伪造医学文书", "source_key", "principal"):
        assert private not in body


def test_the_strictest_mode_of_all_sites_counts() -> None:
    open_site = InstitutionFactory.create(region__code="370602", code="H37060200001")
    strict_site = InstitutionFactory.create(region__code="150422", code="H15042299999")
    person = PractitionerFactory.create()
    RegistrationFactory.create(practitioner=person, institution=open_site)
    assert public_scorecard(person, on=date(2025, 7, 1)).mode == "open"
    RegistrationFactory.create(practitioner=person, institution=strict_site)
    assert public_scorecard(person, on=date(2025, 7, 1)).mode == "confirm"


def test_status_only_hides_points_and_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    person = registered()
    post_award(person, 12, DAY)
    monkeypatch.setattr(selector, "_strictest", lambda *args: selector.PublicationMode.STATUS_ONLY)
    card = public_scorecard(person, on=NEXT)
    assert (card.points, card.points_by_year, card.entries, card.status) == (None, (), (), "terminated")


def test_the_etag_changes_with_the_facts_and_the_day_only() -> None:
    person = registered()
    first = served_scorecard(person.slug, on=DAY, now=at_noon(DAY))
    assert served_scorecard(person.slug, on=DAY, now=at_noon(DAY) + timedelta(hours=1)).etag == first.etag
    post_award(person, 1, DAY)
    assert served_scorecard(person.slug, on=DAY, now=at_noon(DAY)).etag != first.etag


def test_publishing_twice_renders_nothing_the_second_time() -> None:
    post_award(registered(), 4, DAY)
    assert publish(DAY) == 1
    assert publish(DAY) == 0


def test_a_published_page_is_read_with_few_queries(django_assert_max_num_queries) -> None:
    person = registered()
    post_award(person, 12, DAY)
    publish(NEXT)
    with django_assert_max_num_queries(2):
        served(person, NEXT)


def test_between_decision_and_first_day_the_card_is_normal_and_says_what_is_coming() -> None:
    person = registered()
    post_award(person, 12, DAY)
    before, after = public_scorecard(person, on=DAY), public_scorecard(person, on=NEXT)
    assert (before.status, before.points) == ("normal", 12)
    assert before.next_change is not None
    assert (before.next_change.status, before.next_change.starts_on) == ("terminated", NEXT.isoformat())
    assert before.next_change.until == after.until
    assert after.next_change is None


def test_what_gets_better_or_is_not_effective_yet_is_not_announced() -> None:
    person = registered()
    post_award(person, 9, DAY)
    assert public_scorecard(person, on=NEXT).next_change is None  # its end is `until`
    assert public_scorecard(person, on=DAY - timedelta(days=1)).next_change is None


def test_an_undone_award_announces_nothing() -> None:
    person = registered()
    entry = post_award(person, 12, DAY)
    ledger.reverse_award(entry=entry, reason="撤销", by=None, now=at_noon(DAY) + timedelta(hours=1))
    assert public_scorecard(person, on=DAY).next_change is None


def test_an_entry_says_what_kind_of_decision_it_rests_on_and_whether_it_was_reduced() -> None:
    person = registered()
    lines = [line(10, basis="agreement_handling")]
    entry = post_award(person, 10, DAY, lines=lines)
    (shown,) = public_scorecard(person, on=NEXT).entries
    assert shown.basis == "agreement_handling"
    ledger.vary_award(entry=entry, points=4, reason="部分成立", by=None, now=at_noon(NEXT))
    (shown,) = public_scorecard(person, on=NEXT).entries
    assert (shown.basis, shown.points) == ("agreement_handling", 4)


def test_facts_survive_being_stored_and_read_back() -> None:
    person = registered()
    post_award(person, 12, DAY)
    card = public_scorecard(person, on=DAY)
    assert PublicScorecard.from_json(card.as_json()) == card
