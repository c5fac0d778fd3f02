"""Deciding several attributions at once: only those whose preview the officer has opened, each for itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import PreviewNotOpened
from cases.models import Attribution, Decision, PreviewOpening
from cases.selectors import attributions as attribution_selectors
from cases.selectors.openings import opened, shown_digest
from cases.selectors.previews import Preview, preview
from cases.services import decisions, moves
from cases.services import lines as line_rows
from institutions.clock import local_date
from institutions.errors import Invalid, JifenError, NotThere
from institutions.models import User
from institutions.permissions import Permission, ensure_permission

RULE = "design: only what was looked at is decided in bulk"
CHOSEN_MAX = 50


@dataclass(frozen=True, slots=True)
class Refused:
    """One attribution that was not decided, and why."""

    attribution: Attribution
    refusal: JifenError


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a choice: those that were decided, and those that were not, each with its reason."""

    decided: tuple[Attribution, ...]
    refused: tuple[Refused, ...]


@transaction.atomic
def note_opening(*, attribution: Attribution, found: Preview, by: User, now: datetime) -> PreviewOpening | None:
    """Write down that an officer was shown this effect of the proposal that stands; None where none was made yet.

    The same version a second time changes nothing. Refuses (403) whoever may not see the case.
    """
    ensure_permission(by, Permission.CASE_VIEW, region=attribution.case.region_id)
    proposal = line_rows.latest_proposal(attribution)
    if proposal is None:
        return None
    digest = shown_digest(attribution, found)
    return PreviewOpening.objects.get_or_create(
        proposal=proposal, digest=digest, opened_by=by, defaults={"opened_at": now}
    )[0]


def decide_several(*, chosen: Sequence[UUID], reasons: str, by: User | None, now: datetime) -> Decided:
    """Decide each of the chosen attributions for these reasons, each in its own transaction; return what became of it.

    One that is refused stops no other: a preview that was not opened in its present version (`PreviewNotOpened`), a
    question without an answer, points outside the range (those are signed one by one) and whatever `decide` refuses.
    Refuses the whole (422) for an empty choice or more than fifty, and (404) where one is not there for the officer.
    """
    officer = moves.ensure_officer(by)
    ensure_permission(officer, Permission.ATTRIBUTION_DECIDE)
    if not 0 < len(set(chosen)) <= CHOSEN_MAX:
        raise Invalid(_("Choose at least one and at most %(most)s attributions.") % {"most": CHOSEN_MAX}, rule=RULE)
    rows = list(attribution_selectors.visible_to(officer).filter(pk__in=chosen))
    if len(rows) != len(set(chosen)):
        raise NotThere()
    reasons = moves.ensure_text(reasons, _("The reasons of the decision"), decisions.REASONS_RULE)
    done: list[Attribution] = []
    refused: list[Refused] = []
    for row in rows:
        try:
            done.append(_decide(row, reasons, officer, now))
        except JifenError as refusal:
            refused.append(Refused(row, refusal))
    return Decided(tuple(done), tuple(refused))


@transaction.atomic
def _decide(attribution: Attribution, reasons: str, officer: User, now: datetime) -> Attribution:
    """Hold the attribution, see that what was opened is what would follow now, and decide it."""
    held = moves.lock(attribution)
    key = (held.pk, shown_digest(held, preview(held, on=local_date(now))))
    if not opened([key], officer):
        raise PreviewNotOpened(
            _("You have not opened the preview of %(case)s, %(name)s, as it is now.")
            % {"case": held.case.number, "name": held.practitioner.name},
            rule=RULE,
            state=held.state,
            next_step=_("Open it, look at what would follow, then decide."),
        )
    return decisions.decide(attribution=held, outcome=Decision.DECIDED, reasons=reasons, by=officer, now=now)
