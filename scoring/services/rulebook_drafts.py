"""Drafts of rulebooks: uploaded by one officer, looked at with their effect, activated by a second, or withdrawn.

The effect is computed in the background (`cases.services.rulebook_previews`); here is what officers do.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.db import connection, transaction
from django.utils.translation import gettext as _

from institutions.clock import local_date
from institutions.errors import Forbidden, Invalid, WrongState
from institutions.json_types import Json, JsonObject
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.selectors import deputies
from institutions.services import audit, wake_up
from scoring.models import DraftState, RulebookDraft, RulebookDraftOpening, RulebookVersion
from scoring.policy.rulebook import Rulebook
from scoring.selectors.rulebook_drafts import active_rulebooks
from scoring.services import scorecards
from scoring.services.rulebook_reading import read_rulebook

TASK = "cases.preview_rulebook_drafts"
TWO_OFFICERS = "design §4: a second officer activates"
ACTIVATION_LOCK = 7_301_005


class RulebookTwoOfficerRule(Forbidden):
    """Whoever uploaded a draft does not activate it."""

    code = "two-officer-rule"


@transaction.atomic
def upload_draft(*, data: bytes, note: str = "", by: User, now: datetime) -> RulebookDraft:
    """Keep a rulebook as a draft and have its effect computed; return it. The same open draft again is returned.

    Refuses (`RulebookRefused`, with line, path, value and reason of each fault) what could not be activated, and (403)
    an officer who may not draft rules for its jurisdiction.
    """
    ensure_permission(by, Permission.RULEBOOK_DRAFT)
    text, book = read_rulebook(data, active_rulebooks())
    ensure_permission(by, Permission.RULEBOOK_DRAFT, region=book.jurisdiction)
    _lock()
    known = RulebookDraft.objects.filter(digest=book.digest).exclude(
        state__in=[DraftState.ACTIVATED, DraftState.WITHDRAWN]
    )
    draft = known.first()
    if draft is not None:
        return draft
    draft = RulebookDraft.objects.create(
        rulebook=book.id,
        version=book.version,
        jurisdiction=book.jurisdiction,
        effective_from=book.effective_from,
        title=book.title,
        text=text,
        pack=dict(book.resolved),
        digest=book.digest,
        note=note.strip(),
        uploaded_at=now,
        uploaded_by=by,
    )
    _record("rulebook.drafted", draft, by, now)
    wake_up.after_commit(TASK)
    return draft


@transaction.atomic
def renew_effect(*, draft: RulebookDraft, by: User, now: datetime) -> RulebookDraft:
    """Have the effect of an open draft computed anew; return it. Whoever opened the one before opens this one again."""
    ensure_permission(by, Permission.RULEBOOK_DRAFT, region=draft.jurisdiction)
    draft = _locked_open(draft)
    if draft.state != DraftState.PREVIEWING:
        draft.state, draft.error, draft.people_done, draft.people_total = DraftState.PREVIEWING, "", 0, 0
        draft.save()
        _record("rulebook.effect_renewed", draft, by, now)
    wake_up.after_commit(TASK)
    return draft


@transaction.atomic
def open_effect(*, draft: RulebookDraft, by: User, now: datetime) -> RulebookDraft:
    """Write down that an officer opened the effect of a draft as it stands; return the draft."""
    ensure_permission(by, Permission.LEDGER_VIEW, region=draft.jurisdiction)
    seen = RulebookDraftOpening.objects.filter(draft=draft, opened_by=by, effect_digest=draft.effect_digest)
    if draft.effect_digest and not seen.exists():
        RulebookDraftOpening.objects.create(draft=draft, effect_digest=draft.effect_digest, opened_at=now, opened_by=by)
    return draft


@transaction.atomic
def activate_draft(*, draft: RulebookDraft, effect_digest: str, by: User, now: datetime) -> RulebookVersion:
    """Make a draft the law of its region from its first day on; return the version. A second call returns the same.

    `effect_digest` names the effect that the officer has looked at. Refuses whoever uploaded it (403), an effect that
    is another by now, was not opened by this officer, or is not of today (409), and a draft that no longer follows what
    is active (422). Entries of the ledger keep the version they were posted under.
    """
    ensure_permission(by, Permission.RULEBOOK_ACTIVATE, region=draft.jurisdiction)
    _lock()
    draft = RulebookDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.activated_version is not None:
        return draft.activated_version
    _ensure_second_officer(draft, by)
    if draft.state != DraftState.WAITING:
        raise WrongState(_("This draft cannot be activated now."), rule=TWO_OFFICERS, state=draft.get_state_display())
    _ensure_seen(draft, effect_digest, by, now)
    _text, book = read_rulebook(draft.text.encode(), active_rulebooks())
    if book.digest != draft.digest:
        raise WrongState(
            _("What this draft extends was changed since it was uploaded."),
            rule="design §4: the resolved pack is what is activated",
            next_step=_("Withdraw it and upload it again."),
        )
    version = _activate(book, by, now)
    draft.state, draft.decided_at, draft.decided_by = DraftState.ACTIVATED, now, by
    draft.activated_version = version
    draft.save()
    _record("rulebook.draft_activated", draft, by, now)
    scorecards.mark_all_dirty(now=now)
    wake_up.after_commit("scoring.publish_scorecards")
    return version


@transaction.atomic
def withdraw_draft(*, draft: RulebookDraft, reason: str, by: User, now: datetime) -> RulebookDraft:
    """Close a draft without activating it; return it. A second call changes nothing. Refuses an empty reason."""
    ensure_permission(by, Permission.RULEBOOK_DRAFT, region=draft.jurisdiction)
    found = RulebookDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if found.state == DraftState.WITHDRAWN:
        return found
    found = _locked_open(draft)
    if not reason.strip():
        raise Invalid(_("Give the reason."))
    found.state, found.decided_at, found.decided_by = DraftState.WITHDRAWN, now, by
    found.decision_reason = reason.strip()
    found.save()
    _record("rulebook.draft_withdrawn", found, by, now, reason.strip())
    return found


@transaction.atomic
def publish_effect(*, draft: RulebookDraft, by: User, now: datetime) -> RulebookDraft:
    """Put a draft with its effect, in counts that name nobody, before the public; return it. Once."""
    ensure_permission(by, Permission.RULEBOOK_ACTIVATE, region=draft.jurisdiction)
    draft = _locked_open(draft)
    if draft.published_at is not None:
        return draft
    if draft.state != DraftState.WAITING:
        raise WrongState(_("The effect of this draft is not computed yet."), state=draft.get_state_display())
    draft.published_at, draft.published_by = now, by
    draft.public_effect = anonymous(cast("JsonObject", draft.effect))
    draft.save()
    _record("rulebook.draft_published", draft, by, now)
    return draft


def anonymous(effect: JsonObject) -> JsonObject:
    """Return the counts of an effect as the public may have them: fewer than `K_MIN` people are not told apart.

    No sum stands beside its parts, so that nothing hidden can be computed from what is shown.
    """
    shown: dict[str, Json] = {}
    for mode, counts in effect.items():
        if isinstance(counts, dict) and isinstance(counts.get("moves"), dict):
            moves = cast("dict[str, int]", counts["moves"])
            causes = cast("dict[str, int]", counts.get("causes", {}))
            shown[mode] = {
                "moves": {move: _coarse(count) for move, count in sorted(moves.items())},
                "causes": {cause: _coarse(count) for cause, count in sorted(causes.items())},
                "since": counts.get("since", ""),
            }
    return shown


K_MIN = 10


def _coarse(count: int) -> int:
    """The count, rounded down to tens; 0 stands for fewer than `K_MIN`."""
    return count - count % K_MIN


def _activate(book: Rulebook, by: User, now: datetime) -> RulebookVersion:
    version = RulebookVersion.objects.create(
        rulebook=book.id,
        version=book.version,
        jurisdiction=book.jurisdiction,
        effective_from=book.effective_from,
        is_repeal=book.repeal,
        title=book.title,
        pack=dict(book.resolved),
        digest=book.digest,
        activated_at=now,
        activated_by=by,
    )
    audit.record_event(
        action="rulebook.activated",
        subject=version,
        by=by,
        now=now,
        detail={"digest": version.digest},
        region=book.jurisdiction,
    )
    return version


def _ensure_second_officer(draft: RulebookDraft, by: User) -> None:
    if draft.uploaded_by_id == by.pk:
        raise RulebookTwoOfficerRule(
            _("You uploaded this draft; another officer has to activate it."),
            rule=TWO_OFFICERS,
            next_step=_("Ask an officer of this region who may activate rules."),
        )
    if reason := deputies.as_one(by, [draft.uploaded_by_id], subject=draft):
        raise RulebookTwoOfficerRule(
            reason, rule=TWO_OFFICERS, next_step=_("Ask an officer of this region who may activate rules.")
        )


def _ensure_seen(draft: RulebookDraft, effect_digest: str, by: User, now: datetime) -> None:
    opened = RulebookDraftOpening.objects.filter(draft=draft, opened_by=by, effect_digest=draft.effect_digest)
    if effect_digest != draft.effect_digest or not opened.exists():
        raise WrongState(
            _("You have not looked at the effect of this draft as it stands now."),
            rule=TWO_OFFICERS,
            next_step=_("Open the effect, then decide."),
        )
    if draft.effect_on is None or draft.effect_at is None or local_date(draft.effect_at) != local_date(now):
        raise WrongState(
            _("The effect was computed on another day; data have changed since."),
            rule=TWO_OFFICERS,
            next_step=_("Have it computed again, and look at it."),
        )


def _locked_open(draft: RulebookDraft) -> RulebookDraft:
    found = RulebookDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if not found.is_open:
        raise WrongState(_("This draft was decided already."), state=found.get_state_display())
    return found


def _lock() -> None:
    """Let uploads and activations run one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ACTIVATION_LOCK])


def _record(action: str, draft: RulebookDraft, by: User, now: datetime, reason: str = "") -> None:
    audit.record_event(
        action=action,
        subject=draft,
        by=by,
        now=now,
        detail={"rulebook": str(draft), "digest": draft.digest, "effect": draft.effect_digest},
        reason=reason,
        region=draft.jurisdiction,
    )
