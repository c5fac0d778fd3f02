"""The letter of a decision before there is a decision: the whole text, for the officer alone. Nothing is written."""

from datetime import datetime

from django.utils.translation import gettext as _

from cases.models import Attribution, Decision
from cases.services import attribution_notices, moves
from cases.states import Action, State
from institutions.errors import RuleRefused
from institutions.letters.content import compose
from institutions.letters.letter import Letter
from institutions.models import Notice, NoticeKind, User
from institutions.permissions import Permission, ensure_permission

RULE = "design: the decision letter can be read before deciding"
STATES = {Decision.DECIDED.value: State.DECIDED, Decision.REJECTED.value: State.REJECTED}


def drafted_letter(
    *, attribution: Attribution, outcome: str, reasons: str, language: str, by: User | None, now: datetime
) -> Letter:
    """Return the letter as it would be made out if the attribution were decided so, for these reasons, now.

    It has no number yet. Refuses (403) whoever does not decide here, and (409) what is not waiting for a decision.
    """
    ensure_permission(by, Permission.ATTRIBUTION_DECIDE, region=attribution.case.region_id)
    if outcome not in Decision.values:
        raise RuleRefused(_("A decision is “decided” or “rejected”."), rule=RULE)
    meant = Attribution.objects.select_related("case__basis", "case__institution", "practitioner").get(
        pk=attribution.pk
    )
    moves.ensure_can(meant, Action.DECIDE)
    meant.state, meant.decision, meant.decision_reasons = STATES[outcome].value, outcome, reasons.strip()
    meant.decided_at = now
    notice = Notice(
        number=_("draft"),
        kind=NoticeKind.DECISION,
        practitioner=meant.practitioner,
        region=meant.case.institution.region,
        payload=attribution_notices.decision_payload(meant, now=now),
        created_at=now,
    )
    return compose(notice, language=language)
