"""Typical cases: drafted from a case file with masked names, approved by a second officer, published, withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cases.models import Attribution, CaseFile, TypicalCase
from cases.models.typical_case import TITLE_LENGTH_MAX
from cases.selectors import case_stories
from cases.services import moves
from cases.states import State
from institutions.clock import local_date
from institutions.errors import Forbidden, RuleRefused, WrongState
from institutions.masking import mask_name
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

RULE = "design: typical cases"


@dataclass(frozen=True)
class CaseText:
    """Title and text in both languages; the English may be left out as a whole."""

    title: str
    body: str
    title_en: str = ""
    body_en: str = ""


@transaction.atomic
def draft_from_case(*, case: CaseFile, by: User | None, now: datetime) -> TypicalCase:
    """Draft a typical case from what is in effect of a case, and return it; a draft that waits already is returned.

    Refuses a case without a decision in effect: there would be nothing to tell.
    """
    ensure_permission(by, Permission.TYPICAL_DRAFT, region=case.region_id)
    officer = moves.ensure_officer(by)
    case = moves.lock_case(case.pk)
    waiting = TypicalCase.objects.filter(case=case, approved_at__isnull=True).first()
    if waiting is not None:
        return waiting
    story = case_stories.story_of(case)
    if story is None:
        raise WrongState(
            _("No decision of case %(number)s is in effect.") % {"number": case.number},
            rule=RULE,
            state="no-effective-decision",
            next_step=_("Draft it once a decision has taken effect."),
        )
    with translation.override("zh-hans"):
        title, body = case_stories.title_of(story), case_stories.text_of(story)
    with translation.override("en"):
        title_en, body_en = case_stories.title_of(story), case_stories.text_of(story)
    typical = TypicalCase.objects.create(
        case=case,
        institution_name=case.institution.name,
        rulebook=story.rulebook,
        clause_codes=list(story.clauses),
        title=title[:TITLE_LENGTH_MAX],
        title_en=title_en[:TITLE_LENGTH_MAX],
        body=body,
        body_en=body_en,
        drafted_at=now,
        drafted_by=officer,
    )
    _record("typical_case.drafted", typical, officer, now)
    return typical


@transaction.atomic
def edit_draft(*, typical: TypicalCase, text: CaseText, by: User | None, now: datetime) -> TypicalCase:
    """Change the words of a draft. The officer who changes them answers for them, and cannot approve them.

    Refuses a full name of somebody in the case, English given in part, and a text that was approved.
    """
    ensure_permission(by, Permission.TYPICAL_DRAFT, region=typical.case.region_id)
    officer = moves.ensure_officer(by)
    typical = _locked(typical)
    _ensure_draft(typical)
    _ensure_words(typical, text)
    typical.title, typical.title_en = text.title.strip(), text.title_en.strip()
    typical.body, typical.body_en = text.body.strip(), text.body_en.strip()
    typical.drafted_by, typical.drafted_at = officer, now
    typical.save(update_fields=["title", "title_en", "body", "body_en", "drafted_by", "drafted_at"])
    _record("typical_case.edited", typical, officer, now)
    return typical


@transaction.atomic
def approve(*, typical: TypicalCase, by: User | None, now: datetime) -> TypicalCase:
    """Approve the words of a draft; by another officer than wrote them last. The same again changes nothing."""
    ensure_permission(by, Permission.TYPICAL_APPROVE, region=typical.case.region_id)
    officer = moves.ensure_officer(by)
    typical = _locked(typical)
    if typical.approved_by_id == officer.pk:
        return typical
    if typical.drafted_by_id == officer.pk:
        raise Forbidden(
            _("Whoever wrote the text does not approve it."), rule=moves.TWO_OFFICERS, next_step=_("Ask a colleague.")
        )
    moves.ensure_not_as_one(officer, [typical.drafted_by_id], subject=typical)
    _ensure_draft(typical)
    _ensure_words(typical, CaseText(typical.title, typical.body, typical.title_en, typical.body_en))
    typical.approved_at, typical.approved_by = now, officer
    typical.save(update_fields=["approved_at", "approved_by"])
    _record("typical_case.approved", typical, officer, now)
    return typical


@transaction.atomic
def publish(*, typical: TypicalCase, display_until: date, by: User | None, now: datetime) -> TypicalCase:
    """Publish an approved case until a last day; the same again changes nothing."""
    ensure_permission(by, Permission.SCORECARD_PUBLISH, region=typical.case.region_id)
    officer = moves.ensure_officer(by)
    typical = _locked(typical)
    if typical.published_at is not None:
        return typical
    if typical.approved_at is None:
        raise WrongState(
            _("The text has not been approved."), rule=RULE, state="draft", next_step=_("A second officer approves it.")
        )
    if display_until <= local_date(now):
        raise RuleRefused(_("The last day of display lies in the future."), rule=RULE)
    typical.published_at, typical.published_by, typical.display_until = now, officer, display_until
    typical.save(update_fields=["published_at", "published_by", "display_until"])
    _record("typical_case.published", typical, officer, now)
    return typical


@transaction.atomic
def withdraw(*, typical: TypicalCase, reason: str, by: User | None, now: datetime) -> TypicalCase:
    """Take a published case off its page and out of the feed, with the reason; the same again changes nothing."""
    ensure_permission(by, Permission.SCORECARD_PUBLISH, region=typical.case.region_id)
    officer = moves.ensure_officer(by)
    typical = _locked(typical)
    if typical.withdrawn_at is not None:
        return typical
    if typical.published_at is None:
        raise WrongState(_("The case is not published."), rule=RULE, state="not-published")
    text = moves.ensure_text(reason, _("The reason"), RULE)
    typical.withdrawn_at, typical.withdrawn_by, typical.withdrawal_reason = now, officer, text
    typical.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    _record("typical_case.withdrawn", typical, officer, now, text)
    return typical


def _locked(typical: TypicalCase) -> TypicalCase:
    held = TypicalCase.objects.select_for_update(no_key=True, of=("self",))
    return held.select_related("case__institution").get(pk=typical.pk)


def _ensure_draft(typical: TypicalCase) -> None:
    if typical.approved_at is not None:
        raise WrongState(
            _("The text was approved and is not edited any more."),
            rule=RULE,
            state="approved",
            next_step=_("Withdraw the case and draft another."),
        )


def _ensure_words(typical: TypicalCase, text: CaseText) -> None:
    moves.ensure_text(text.title, _("The title"), RULE)
    moves.ensure_text(text.body, _("The text"), RULE)
    if bool(text.title_en.strip()) != bool(text.body_en.strip()):
        raise RuleRefused(_("Give title and text in English, or neither."), rule=RULE)
    named = _full_names_in(text, Attribution.objects.filter(case=typical.case).exclude(state=State.DRAFT.value))
    if named:
        raise RuleRefused(
            _("The text names %(names)s in full.") % {"names": "、".join(named)},
            rule=RULE,
            next_step=_("Write masked names only: surname, placeholder, last character."),
        )


def _full_names_in(text: CaseText, attributions: Iterable[Attribution]) -> list[str]:
    words = "\n".join((text.title, text.body, text.title_en, text.body_en))
    names = {attribution.practitioner.name for attribution in attributions}
    return sorted(name for name in names if len(name) > 1 and name in words and mask_name(name) != name)


def _record(action: str, typical: TypicalCase, by: User, now: datetime, reason: str = "") -> None:
    audit.record_event(
        action=action,
        subject=typical,
        by=by,
        now=now,
        detail={"case": typical.case.number, "slug": typical.slug},
        reason=reason,
        region=typical.case.region_id,
    )
