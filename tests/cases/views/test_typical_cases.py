"""Typical cases in public: shown while approved, within their display and standing; gone with 410 afterwards."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from cases.models import TypicalCase
from cases.services import attributions
from cases.states import State
from institutions.clock import local_date
from scoring.services import ledger
from tests.factories.attribution import officers, procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.typical_case import PUBLISHED_AT, DraftedCaseFactory, PublishedCaseFactory
from tests.factories.user import UserFactory
from tests.scoring.public_people import TODAY, set_today

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


@pytest.fixture(autouse=True)
def today():
    set_today()


def get(client, path, language="en"):
    return client.get(path, headers={"accept-language": language})


def feed(client):
    root = ElementTree.fromstring(get(client, "/cases/feed.atom").content)  # noqa: S314 - our own answer
    shown = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    gone = {stone.get("ref"): stone.get("when") for stone in root.iter(TOMBSTONE)}
    return shown, gone


def test_before_the_first_case_the_list_says_so(client):
    assert "No case is shown at present" in get(client, "/cases/").content.decode()


def test_a_draft_is_nowhere(client):
    draft = DraftedCaseFactory.create()
    assert get(client, f"/cases/{draft.slug}").status_code == 404
    assert draft.title not in get(client, "/cases/", "zh-hans").content.decode()
    assert feed(client) == ([], {})


def test_a_published_case_is_told_in_both_languages_with_the_law_beside_it(client):
    case = PublishedCaseFactory.create()
    chinese = get(client, f"/cases/{case.slug}", "zh-hans").content.decode()
    english = get(client, f"/cases/{case.slug}").content.decode()
    assert "依据条款一次记12分。" in chinese
    assert "Twelve points were given in one go." in english
    assert "11 June 2026" in english
    assert '<a href="/rules/national/1">' in english
    assert case.case.number not in chinese + english
    assert case.title in get(client, "/cases/", "zh-hans").content.decode()
    assert feed(client) == ([f"urn:jifen:case:{case.slug}"], {})


def test_a_case_without_english_text_is_shown_in_chinese_and_marked_so(client):
    case = PublishedCaseFactory.create(title_en="", body_en="")
    page = get(client, f"/cases/{case.slug}").content.decode()
    assert "This case is told in Chinese only." in page
    assert f'<h1 lang="zh-Hans">{case.title}</h1>' in page


def test_after_its_last_day_a_case_is_gone_and_the_feed_says_so(client):
    case = PublishedCaseFactory.create(display_until=TODAY)
    assert get(client, f"/cases/{case.slug}").status_code == 200
    set_today(TODAY + timedelta(days=1))
    response = get(client, f"/cases/{case.slug}")
    assert response.status_code == 410
    assert case.title_en not in response.content.decode()
    shown, gone = feed(client)
    assert shown == []
    assert gone == {f"urn:jifen:case:{case.slug}": "2025-06-12T16:00:00+00:00"}


def test_a_withdrawn_case_is_gone_at_once(client):
    case = PublishedCaseFactory.create()
    case.withdrawn_at, case.withdrawn_by, case.withdrawal_reason = timezone.now(), UserFactory.create(), "有误"
    case.save()
    assert get(client, f"/cases/{case.slug}").status_code == 410
    assert "No case is shown" in get(client, "/cases/").content.decode()


def test_a_case_whose_basis_is_annulled_is_gone_without_anybody_withdrawing_it(client, now):
    case, team = CaseFileFactory.create(), officers()
    walk = procedure(State.EFFECTIVE, now=now, case=case, team=team)
    told = PublishedCaseFactory.create(case=case, approved_at=walk.now, published_at=walk.now)
    set_today(local_date(walk.now))
    assert get(client, f"/cases/{told.slug}").status_code == 200
    later = walk.now + timedelta(days=1)
    attributions.annul_basis(
        case=case, annulled_on=local_date(later), reason="撤销处罚决定。", by=team.approver, now=later
    )
    set_today(local_date(later))
    assert get(client, f"/cases/{told.slug}").status_code == 410


def test_a_case_of_which_a_persons_points_fell_is_gone_too(client, now):
    walk = procedure(State.EFFECTIVE, now=now)
    told = PublishedCaseFactory.create(case=walk.attribution.case, approved_at=walk.now, published_at=walk.now)
    untouched = PublishedCaseFactory.create()
    later = walk.now + timedelta(days=2)
    ledger.reverse_award(entry=walk.entry, reason="申诉成立", by=None, now=later)
    set_today(local_date(later))
    assert get(client, f"/cases/{told.slug}").status_code == 410
    assert get(client, f"/cases/{untouched.slug}").status_code == 200


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("typical_case_needs_a_second_officer", lambda case: {"approved_by": case.drafted_by}),
        ("typical_case_is_approved_before_it_is_published", lambda case: {"approved_at": None, "approved_by": None}),
        ("typical_case_publication_is_whole", lambda case: {"display_until": None}),
        (
            "typical_case_is_withdrawn_with_its_reason",
            lambda case: {"withdrawn_at": PUBLISHED_AT, "withdrawn_by": case.drafted_by},
        ),
        ("typical_case_is_english_wholly_or_not", lambda case: {"body_en": ""}),
    ],
)
def test_the_database_refuses(rule, changes):
    drafter = UserFactory.create()
    made = PublishedCaseFactory.build(drafted_by=drafter)
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        PublishedCaseFactory.create(drafted_by=drafter, **changes(made))


@pytest.mark.parametrize("column", ["body", "title_en", "clause_codes", "institution_name"])
def test_an_approved_text_is_never_edited(column):
    case = PublishedCaseFactory.create()
    setattr(case, column, ["A1"] if column == "clause_codes" else "另一段文字")
    with pytest.raises(DatabaseError, match="typical_case_text_stays_as_approved"), transaction.atomic():
        case.save()
    with pytest.raises(DatabaseError, match="typical_case_is_kept"), transaction.atomic():
        case.delete()


def test_a_draft_may_be_edited_and_thrown_away():
    draft = DraftedCaseFactory.create()
    draft.body = "另一段文字"
    draft.save()
    assert TypicalCase.objects.get().body == "另一段文字"
    draft.delete()
    assert not TypicalCase.objects.exists()
