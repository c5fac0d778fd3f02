"""A bad import is undone whole or not at all."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from institutions.errors import Forbidden, Invalid
from institutions.models import (
    AuditEvent,
    Institution,
    Practitioner,
    PractitionerCode,
    Registration,
    RosterImport,
    RosterImportState,
)
from institutions.selectors.roster import preview_undo
from institutions.services import practitioners, roster_undo
from institutions.services.roster import FullRoster
from tests.factories.notice import NoticeFactory
from tests.factories.user import officer
from tests.institutions.services.roster_files import JIREN, TOWN, load, row

pytestmark = pytest.mark.django_db
REASON = "导入了别的统筹区的名册"


def facts() -> list[list[dict[str, object]]]:
    """Everything an import writes, without the mark for publication."""
    tables = []
    for model in (Institution, Practitioner, PractitionerCode, Registration):
        rows = [dict(values) for values in model.objects.order_by("pk").values()]
        tables.append([{key: value for key, value in row.items() if key != "profile_changed_at"} for row in rows])
    return tables


def latest() -> RosterImport:
    return RosterImport.objects.latest("pk")


def undo(now, **options):
    values = {"record": latest(), "reason": REASON, "by": None, "now": now} | options
    return roster_undo.undo_roster_import(**values)


def test_everything_is_as_it_was(now):
    load(now, row(), row(code="D150422000002", name="杜鑫"))
    before = facts()
    load(
        now + timedelta(days=1),
        row(JIREN.replace("济仁", "新"), name="耿敏", ends="2025-05-31", position="主任医师"),
        row(JIREN.replace("济仁", "新"), name="耿敏", begins="2025-06-01"),
        row(TOWN, code="D150422000003", name="李梅", certno="11010119900101123X"),
        row(TOWN, code="D150422000002", name="杜鑫"),
    )
    assert facts() != before
    preview = preview_undo(latest())
    assert preview.blockers == ()
    assert sum(preview.removed.values()) == 6  # three spells, a code, a person, an institution
    undo(now + timedelta(days=2))
    assert facts() == before
    assert latest().state == RosterImportState.UNDONE
    event = AuditEvent.objects.get(action="roster.import_undone")
    assert event.reason == REASON


def test_what_was_rendered_meanwhile_is_rendered_again(now):
    load(now, row())
    load(now + timedelta(days=1), row(name="耿敏"))
    later = now + timedelta(days=2)
    undo(later)
    assert Practitioner.objects.get().profile_changed_at == later


def test_a_confirmed_provisional_person_is_provisional_again(now):
    load(now, row(TOWN, code="D9", name="某人"))
    person = practitioners.create_provisional(
        name="耿某敏",
        category="physician",
        institution=Institution.objects.get(),
        code="D150422000001",
        by=None,
        now=now,
    )
    load(now, row(TOWN))
    person.refresh_from_db()
    assert not person.is_provisional
    undo(now)
    person.refresh_from_db()
    assert (person.is_provisional, person.name) == (True, "耿某敏")


def test_a_later_change_stands_in_the_way(now):
    load(now, row())
    first = latest()
    load(now, row(position="主任医师"))
    blockers = preview_undo(first).blockers
    assert [blocker.pk for blocker in blockers] == [str(Registration.objects.get().pk)]
    with pytest.raises(roster_undo.NotUndoable):
        undo(now, record=first)
    assert Registration.objects.exists()
    undo(now)
    undo(now, record=first)
    assert not Registration.objects.exists()


def test_a_notice_to_a_new_person_stands_in_the_way(now):
    load(now, row())
    NoticeFactory(institution=Institution.objects.get())
    with pytest.raises(roster_undo.NotUndoable) as refused:
        undo(now)
    assert refused.value.errors
    assert Practitioner.objects.exists()


def test_a_second_undo_changes_nothing(now):
    load(now, row())
    undo(now)
    undo(now)
    assert AuditEvent.objects.filter(action="roster.import_undone").count() == 1


def test_who_may_and_why(now):
    load(now, row())
    with pytest.raises(Forbidden):
        undo(now, by=officer("approver"))
    with pytest.raises(Forbidden):
        undo(now, by=officer("inspector", region="43"))
    with pytest.raises(Invalid):
        undo(now, reason="错")
    undo(now, by=officer("inspector", region="15"))


def test_leavers_are_back(now):
    load(now, row(), row(code="D2", name="杜鑫"))
    load(now, row(), full=FullRoster(None, date(2025, 5, 1)))
    undo(now)
    assert Registration.objects.filter(ends_on__isnull=True).count() == 2


def test_the_command_shows_first_and_does_it_when_told(now, capsys):
    load(now, row())
    call_command("undo_roster_import", latest().pk)
    assert "Nothing was changed" in capsys.readouterr().out
    assert Registration.objects.exists()
    with pytest.raises(CommandError):
        call_command("undo_roster_import", latest().pk, "--apply")
    call_command("undo_roster_import", latest().pk, "--apply", "--reason", REASON)
    assert not Registration.objects.exists()
    with pytest.raises(CommandError):
        call_command("undo_roster_import", 0)
