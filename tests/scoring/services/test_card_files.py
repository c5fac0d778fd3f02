"""Published files: written once the night is done, gone before a change commits, and never outliving what they say."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from institutions import clock, published_files
from institutions.models import PilotRegion, Practitioner
from institutions.published_files import FilesOutOfReach
from institutions.services import registrations
from scoring.models import PointsEntry, PublishedPages, Scorecard
from scoring.services import card_files, ledger, measures, scorecards
from tests.factories.award import at_noon, post_award
from tests.factories.user import UserFactory
from tests.scoring.public_people import TODAY, People, people, people_today, set_today
from tests.scoring.published import facts_of, file_of, page_of

pytestmark = pytest.mark.django_db
NOW = at_noon(TODAY)
NEXT = TODAY + timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    settings.PUBLISHED_DIR = str(tmp_path / "published")
    return tmp_path / "published"


@pytest.fixture
def who(folder: Path) -> People:
    made = people_today()
    scorecards.publish_dirty(now=NOW)
    return made


def publish(now=NOW) -> int:
    scorecards.publish_dirty(now=now)
    return card_files.publish_files(now=now)


def test_a_file_is_what_the_application_sends(who: People) -> None:
    assert file_of(who.terminated) == page_of(who.terminated)
    assert file_of(who.terminated, "en.html") == page_of(who.terminated, HTTP_ACCEPT_LANGUAGE="en")
    assert '"as_of":"2025-06-12"' in str(file_of(who.terminated, "json"))
    assert file_of(who.clean) is None  # without entries: always computed


def test_nothing_is_written_before_the_night_of_the_date_is_done(folder: Path) -> None:
    who = people()
    set_today(TODAY - timedelta(days=1))
    clock.move_to(NOW)
    assert publish() == 0
    assert file_of(who.terminated) is None
    set_today()
    assert publish() == 3
    assert file_of(who.terminated) is not None
    assert publish() == 0


def test_the_next_date_has_a_folder_of_its_own_and_the_old_one_goes(who: People, folder: Path) -> None:
    now = set_today(NEXT)
    assert publish(now) == 3
    assert file_of(who.terminated) is None
    assert "2025年6月13日" in str(file_of(who.terminated, day=NEXT))
    assert sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) == [NEXT.isoformat()]


def test_a_missed_night_leaves_no_file_of_any_date(who: People) -> None:
    now = at_noon(NEXT)
    clock.move_to(now)
    assert card_files.publish_files(now=now) == 0
    assert (file_of(who.terminated), file_of(who.terminated, day=NEXT)) == (None, None)
    assert facts_of(who.terminated)["as_of"] == TODAY.isoformat()


def _award(who: People) -> None:
    post_award(who.terminated, 1, TODAY)


def _reverse(who: People) -> None:
    entry = PointsEntry.objects.get(practitioner=who.terminated)
    ledger.reverse_award(entry=entry, reason="撤销", by=None, now=NOW)


def _register(who: People) -> None:
    registrations.register_anew(
        practitioner=who.terminated,
        institution=who.clinic,
        starts_on=TODAY,
        commitment_on=TODAY,
        department="",
        position="",
        by=UserFactory.create(),
        now=NOW,
    )


def _rules(who: People) -> None:
    scorecards.mark_all_dirty(now=NOW)


@pytest.mark.parametrize("change", [_award, _reverse, _register, _rules], ids=lambda one: one.__name__.strip("_"))
def test_the_file_is_gone_before_the_change_commits(who: People, change: Callable[[People], None]) -> None:
    with transaction.atomic():
        change(who)
        for form in published_files.FORMS:
            assert file_of(who.terminated, form) is None
    publish()
    assert file_of(who.terminated) == page_of(who.terminated)


def test_a_change_that_is_rolled_back_costs_the_file_and_nothing_else(who: People) -> None:
    with transaction.atomic():
        _award(who)
        transaction.set_rollback(True)
    assert file_of(who.terminated) is None
    assert file_of(who.suspended) is not None
    now = set_today(NEXT)
    assert publish(now) == 3
    assert file_of(who.terminated, day=NEXT) == page_of(who.terminated)


def test_closed_and_pilot_people_have_no_files(who: People) -> None:
    PilotRegion.objects.create(region_prefix="1504", starts_on=TODAY, reason="试点")
    scorecards.mark_all_dirty(now=NOW)
    publish()
    assert file_of(who.terminated) is None


def test_a_file_that_cannot_be_removed_stops_the_change(who: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(self)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(PermissionError), transaction.atomic():
        _award(who)
    assert PointsEntry.objects.filter(practitioner=who.terminated).count() == 1


@pytest.mark.parametrize("missing", ["setting", "folder"])
def test_a_process_that_cannot_reach_the_files_may_not_change_the_person(who: People, settings, missing: str) -> None:
    settings.PUBLISHED_DIR = None if missing == "setting" else "/nonexistent/published"
    for change in (_award, _rules):
        with pytest.raises(FilesOutOfReach, match="PUBLISHED_DIR"), transaction.atomic():
            change(who)
    assert PointsEntry.objects.filter(practitioner=who.terminated).count() == 1


def test_without_files_published_no_folder_is_needed(who: People, settings) -> None:
    assert card_files.withdraw_files() == 3
    assert file_of(who.terminated) is None
    settings.PUBLISHED_DIR = None
    _award(who)
    assert publish() == 0


@pytest.mark.parametrize("damage", ["no marker", "other boot"])
def test_a_folder_in_an_unknown_state_is_removed_as_a_whole(who: People, folder: Path, damage: str) -> None:
    marker = folder / TODAY.isoformat() / published_files.MARKER
    stale = published_files.path_of(TODAY, "zz" + "a" * 14, "json")
    stale.parent.mkdir(exist_ok=True)
    stale.write_bytes(b"an unlinked file that came back with a lost write")
    if damage == "no marker":
        marker.unlink()
    else:
        marker.write_text("abcd1234 another-boot")
    assert publish() == 3
    assert not stale.exists()
    assert file_of(who.terminated) == page_of(who.terminated)


def test_the_sweeper_removes_what_is_of_no_date(who: People, folder: Path) -> None:
    for name in ("2025-06-11", ".gone-1234", "2025-06-13"):
        (folder / name / "ab").mkdir(parents=True)
    assert published_files.sweep(TODAY) == 3
    assert file_of(who.terminated) is not None


def test_files_of_the_same_length_have_different_times_so_that_etags_differ(folder: Path) -> None:
    published_files.open_day(TODAY)
    times = []
    for content in (b"3 points", b"4 points"):
        published_files.write(TODAY, "ab" + "c" * 14, {"json": content})
        times.append(os.stat(published_files.path_of(TODAY, "ab" + "c" * 14, "json")).st_mtime)
    assert times[0] != times[1]


def test_merged_people_lose_their_files(who: People) -> None:
    Practitioner.objects.filter(pk=who.terminated.pk).update(merged_into=who.clean)
    with transaction.atomic():
        measures.refresh(practitioner=who.clean, cause=None, by=None, now=NOW)
    assert Scorecard.objects.get(pk=who.terminated.pk).dirty_at is not None
    publish()
    assert not PublishedPages.objects.filter(pk=who.terminated.pk).exists()


def test_every_writer_of_profiles_takes_the_files_away() -> None:
    """Whoever marks a profile as changed has to remove files in the same transaction, or they outlive it."""
    root = Path(__file__).resolve().parents[3]
    marking = {
        path
        for app in ("institutions", "scoring", "cases")
        for path in (root / app).rglob("*.py")
        if "migrations" not in path.parts
        and any(f"profile_changed_at{sign}" in path.read_text() for sign in (" = %(now)s", "=now", ", gone.profile"))
    }
    statements = {"roster_sql_apply.py"}  # run by roster_apply
    makers = {"practitioners.py"}  # new people have no files
    names = {path.name for path in marking if "published_files.withdraw" not in path.read_text()}
    assert names == statements | makers
    assert "published_files.withdraw_all" in (root / "institutions/services/roster_apply.py").read_text()
