"""Drafts of rulebooks: refused with exact places, two officers, nothing activated that was not looked at."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cases.services import rulebook_previews
from institutions.errors import Forbidden, Invalid, WrongState
from institutions.json_types import JsonObject
from institutions.models import AuditEvent
from scoring.models import DraftState, RulebookDraft, RulebookDraftOpening, RulebookVersion, Scorecard
from scoring.selectors.rulebook_drafts import active_rulebooks, book_of, differences, replaced_by, waiting_for
from scoring.selectors.rulebooks import rulebook_for
from scoring.services import rulebook_drafts
from scoring.services.rulebook_drafts import RulebookTwoOfficerRule, anonymous
from scoring.services.rulebook_reading import RulebookRefused
from tests.factories.award import post_award, registered
from tests.factories.user import officer
from tests.scoring.drafts import LOWER, upload

pytestmark = pytest.mark.django_db
CHIFENG = "150422"


def waiting(now: datetime, **options: Any) -> RulebookDraft:
    draft = upload(now, **options)
    rulebook_previews.process_due(now=now)
    draft.refresh_from_db()
    return draft


def seen(draft: RulebookDraft, now: datetime) -> Any:
    by = officer("approver")
    rulebook_drafts.open_effect(draft=draft, by=by, now=now)
    return by


def faults(text: str | bytes, now: datetime) -> list[dict[str, Any]]:
    with pytest.raises(RulebookRefused) as refused:
        rulebook_drafts.upload_draft(
            data=text if isinstance(text, bytes) else text.encode(), by=officer("approver"), now=now
        )
    assert not RulebookDraft.objects.exists()
    return [dict(error) for error in refused.value.errors]


class TestUploading:
    def test_a_hole_in_the_ladder_is_named_with_its_interval_and_line(self, now: datetime) -> None:
        """F38: a table with a hole is refused with the exact interval."""
        text = LOWER.replace("        7: {range: [1, 6], default: 1}\n        8: {range: [1, 6], default: 1}\n", "")
        (fault,) = faults(text, now)
        assert "no row for 7–8" in fault["message"]
        assert fault["path"] == "measures.suspend.months.cumulative"
        assert text.splitlines()[fault["line"] - 1].strip() == "cumulative:"

    def test_two_rows_for_one_total_are_named_with_the_line_of_the_second(self, now: datetime) -> None:
        text = LOWER.replace("        8: {range", "        7: {range: [1, 6], default: 2}\n        8: {range")
        (fault,) = faults(text, now)
        assert text.splitlines()[fault["line"] - 1].strip().startswith("7:")

    def test_an_overlap_with_the_full_tier_and_every_other_fault_at_once_with_the_values(self, now: datetime) -> None:
        text = LOWER.replace("8: {range: [1, 6], default: 1}", "8: {range: [1, 6], default: 9}").replace(
            "        10:", "        12: {range: [1, 6], default: 6}\n        10:"
        )
        text += "effect_starts: some_day\nspeed: 3\n"
        found = {fault["path"]: fault for fault in faults(text, now)}
        assert set(found) == {
            "measures.suspend.months.cumulative.8.default",
            "measures.suspend.months.cumulative.12",
            "effect_starts",
            "speed",
        }
        assert found["measures.suspend.months.cumulative.8.default"]["value"] == "9"
        assert found["effect_starts"]["value"] == "some_day"
        assert all(fault["line"] > 1 for fault in found.values())

    def test_what_does_not_follow_or_belongs_to_another_is_refused(self, now: datetime) -> None:
        assert [fault["path"] for fault in faults(LOWER.replace("version: 2", "version: 1"), now)] == ["version"]
        early = LOWER.replace("2025-06-01", "2025-03-01")
        assert [fault["path"] for fault in faults(early, now)] == ["effective_from"]
        other = LOWER.replace("id: inner-mongolia", "id: chifeng")
        assert [fault["path"] for fault in faults(other, now)] == ["jurisdiction"]

    @pytest.mark.parametrize(
        "data", [b"", b"\xff\xfe", b"a: [", b"- 1\n", b"a: 1\n---\nb: 2\n", b"x" * (1024 * 1024 + 1)]
    )
    def test_what_is_no_rulebook_at_all_is_refused(self, now: datetime, data: bytes) -> None:
        assert faults(data, now)

    def test_the_same_draft_twice_is_one(self, now: datetime) -> None:
        assert upload(now) == upload(now)
        assert RulebookDraft.objects.count() == 1

    def test_only_for_ones_own_region_and_by_whom_it_is_for(self, now: datetime) -> None:
        with pytest.raises(Forbidden):
            upload(now, by=officer("approver", region="43"))
        with pytest.raises(Forbidden):
            upload(now, by=officer("auditor"))
        assert upload(now, by=officer("inspector", region="15")).jurisdiction == "15"

    def test_the_difference_names_value_and_source_of_either_side(self, now: datetime) -> None:
        book = book_of(upload(now))
        rows = {row.change.path: row for row in differences(book, replaced_by(book, active_rulebooks()))}
        assert set(rows) == {
            "effective_from",
            "measures.suspend.at",
            *(f"measures.suspend.months.cumulative.{n}.{k}" for n in (6, 7, 8) for k in ("range", "default")),
        }
        at = rows["measures.suspend.at"]
        assert (at.change.before, at.change.after) == (9, 6)
        assert at.after_from is not None
        assert at.after_from.source == "试验修订稿"


class TestActivating:
    def test_a_second_officer_who_has_looked_at_the_effect_makes_it_law(self, now: datetime) -> None:
        person = registered()
        post_award(person, 3, date(2025, 6, 5))
        draft = waiting(now)
        by = seen(draft, now)
        assert list(waiting_for(by)) == [draft]
        assert list(waiting_for(draft.uploaded_by)) == []
        version = rulebook_drafts.activate_draft(draft=draft, effect_digest=draft.effect_digest, by=by, now=now)
        draft.refresh_from_db()
        assert (draft.state, draft.decided_by, draft.activated_version) == (DraftState.ACTIVATED, by, version)
        assert (version.digest, version.activated_by) == (draft.digest, by)
        assert rulebook_for(CHIFENG, date(2025, 6, 10)).measures.suspend.at == 6
        assert rulebook_for(CHIFENG, date(2025, 5, 31)).measures.suspend.at == 9
        assert not Scorecard.objects.filter(dirty_at__isnull=True).exists()
        actions = set(AuditEvent.objects.values_list("action", flat=True))
        assert {"rulebook.drafted", "rulebook.draft_activated", "rulebook.activated"} <= actions
        again = rulebook_drafts.activate_draft(draft=draft, effect_digest="", by=by, now=now)
        assert again == version

    def test_whoever_uploaded_does_not_activate(self, now: datetime) -> None:
        draft = waiting(now)
        rulebook_drafts.open_effect(draft=draft, by=draft.uploaded_by, now=now)
        with pytest.raises(RulebookTwoOfficerRule):
            rulebook_drafts.activate_draft(
                draft=draft, effect_digest=draft.effect_digest, by=draft.uploaded_by, now=now
            )
        version = RulebookVersion.objects.first()
        with pytest.raises(IntegrityError, match="rulebook_draft_two_officers"), transaction.atomic():
            RulebookDraft.objects.update(
                state="activated", decided_at=now, decided_by=draft.uploaded_by, activated_version=version
            )

    def test_nothing_is_activated_unseen_in_another_state_or_of_another_day(self, now: datetime) -> None:
        draft = waiting(now)
        by = officer("approver")
        act = rulebook_drafts.activate_draft
        with pytest.raises(WrongState):
            act(draft=draft, effect_digest=draft.effect_digest, by=by, now=now)
        rulebook_drafts.open_effect(draft=draft, by=by, now=now)
        with pytest.raises(WrongState):
            act(draft=draft, effect_digest="0" * 64, by=by, now=now)
        with pytest.raises(WrongState):
            act(draft=draft, effect_digest=draft.effect_digest, by=by, now=now + timedelta(days=1))
        rulebook_drafts.renew_effect(draft=draft, by=draft.uploaded_by, now=now)
        with pytest.raises(WrongState):
            act(draft=draft, effect_digest=draft.effect_digest, by=by, now=now)
        assert not RulebookVersion.objects.filter(version=2, rulebook="inner-mongolia").exists()

    def test_who_may_not_activate_there_does_not(self, now: datetime) -> None:
        draft = waiting(now)
        for by in (officer("inspector"), officer("approver", region="43"), officer("approver", region="1504")):
            with pytest.raises(Forbidden):
                rulebook_drafts.activate_draft(draft=draft, effect_digest=draft.effect_digest, by=by, now=now)

    def test_what_no_longer_follows_is_refused(self, now: datetime) -> None:
        first = waiting(now)
        second = waiting(now, text=LOWER.replace("at: 6", "at: 6  # other").replace("default: 1}", "default: 2}"))
        by = seen(first, now)
        rulebook_drafts.activate_draft(draft=first, effect_digest=first.effect_digest, by=by, now=now)
        by = seen(second, now)
        with pytest.raises(RulebookRefused):
            rulebook_drafts.activate_draft(draft=second, effect_digest=second.effect_digest, by=by, now=now)

    def test_nothing_remains_when_the_last_write_fails(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        draft = waiting(now)
        by = seen(draft, now)

        def fail(**_kwargs: Any) -> None:
            raise RuntimeError("last write")

        monkeypatch.setattr(rulebook_drafts.scorecards, "mark_all_dirty", fail)
        with pytest.raises(RuntimeError):
            rulebook_drafts.activate_draft(draft=draft, effect_digest=draft.effect_digest, by=by, now=now)
        draft.refresh_from_db()
        assert draft.state == DraftState.WAITING
        assert not RulebookVersion.objects.filter(digest=draft.digest).exists()


class TestTheDatabase:
    def test_a_draft_is_never_edited_deleted_or_activated_unseen(self, now: datetime) -> None:
        draft = waiting(now)
        version = RulebookVersion.objects.first()
        rows = RulebookDraft.objects.filter(pk=draft.pk)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            rows.update(text="x")
        with pytest.raises(DatabaseError), transaction.atomic():
            draft.delete()
        with pytest.raises(DatabaseError, match="has opened the effect"), transaction.atomic():
            rows.update(state="activated", decided_at=now, decided_by=officer("approver"), activated_version=version)
        rulebook_drafts.withdraw_draft(draft=draft, reason="换稿", by=draft.uploaded_by, now=now)
        with pytest.raises(DatabaseError, match="final"), transaction.atomic():
            rows.update(state="waiting", decided_at=None, decided_by=None)


class TestWithdrawingAndPublishing:
    def test_a_withdrawn_draft_is_final_and_may_be_uploaded_anew(self, now: datetime) -> None:
        draft = waiting(now)
        with pytest.raises(Invalid):
            rulebook_drafts.withdraw_draft(draft=draft, reason=" ", by=draft.uploaded_by, now=now)
        rulebook_drafts.withdraw_draft(draft=draft, reason="换稿", by=draft.uploaded_by, now=now)
        again = rulebook_drafts.withdraw_draft(draft=draft, reason="再换", by=draft.uploaded_by, now=now)
        assert (again.state, again.decision_reason) == (DraftState.WITHDRAWN, "换稿")
        for act in (rulebook_drafts.renew_effect, rulebook_drafts.publish_effect):
            with pytest.raises(WrongState):
                act(draft=draft, by=draft.uploaded_by, now=now)
        assert upload(now) != draft

    def test_an_opening_is_written_once_for_each_effect(self, now: datetime) -> None:
        draft = waiting(now)
        by = seen(draft, now)
        rulebook_drafts.open_effect(draft=draft, by=by, now=now)
        assert RulebookDraftOpening.objects.filter(opened_by=by).count() == 1

    def test_published_counts_name_nobody(self, now: datetime) -> None:
        effect: JsonObject = {
            "activation": {"people": 27, "moves": {"normal>suspended": 23, "suspended>terminated": 4}, "causes": {}},
            "publication": {"changed": []},
        }
        assert anonymous(effect) == {
            "activation": {
                "moves": {"normal>suspended": 20, "suspended>terminated": 0},
                "causes": {},
                "since": "",
            }
        }

    def test_only_a_computed_effect_is_published_once(self, now: datetime) -> None:
        draft = upload(now)
        with pytest.raises(WrongState):
            rulebook_drafts.publish_effect(draft=draft, by=officer("approver"), now=now)
        rulebook_previews.process_due(now=now)
        by = officer("approver")
        rulebook_drafts.publish_effect(draft=draft, by=by, now=now)
        again = rulebook_drafts.publish_effect(draft=draft, by=officer("approver"), now=now)
        assert again.published_by == by
