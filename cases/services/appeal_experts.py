"""Experts in an appeal: who is asked for an opinion first says whether anything ties them to the case."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import OfficerInvolved
from cases.models import Appeal, ConflictDeclaration, ExpertOpinion
from cases.selectors.involvement import people_involved
from cases.services import appeal_moves, moves
from cases.states.appeal import Action
from institutions.errors import WrongState
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.selectors import deputies

RULE = "design: experts with declared conflicts"


@transaction.atomic
def declare_conflict(
    *, appeal: Appeal, has_conflict: bool, text: str, by: User | None, now: datetime
) -> ConflictDeclaration:
    """Put down an expert's declaration of interests, in their own words; return it. It is made once and never edited.

    The same declaration again returns the first. Refuses whoever had a hand in the decision or handles an appeal
    against it, an appeal that is not being heard, empty words, and a second, different declaration.
    """
    ensure_permission(by, Permission.APPEAL_OPINION, region=appeal.attribution.case.region_id)
    expert = moves.ensure_officer(by)
    appeal = appeal_moves.lock(appeal)
    known = ConflictDeclaration.objects.filter(appeal=appeal, expert=expert).first()
    if known is not None and (known.has_conflict, known.text) == (has_conflict, text.strip()):
        return known
    appeal_moves.ensure_can(appeal, Action.DECLARE_CONFLICT)
    if known is not None:
        raise WrongState(
            _("Your interests in this appeal are declared already; a declaration is never edited."),
            rule=RULE,
            state=appeal.state,
        )
    _ensure_apart(appeal, expert)
    text = moves.ensure_text(text, _("The declaration of interests"), RULE)
    declaration = ConflictDeclaration.objects.create(
        appeal=appeal, expert=expert, has_conflict=has_conflict, text=text, declared_at=now
    )
    appeal_moves.record("interests_declared", appeal, by, now, {"has_conflict": has_conflict})
    return declaration


@transaction.atomic
def attach_opinion(*, appeal: Appeal, text: str, by: User | None, now: datetime) -> ExpertOpinion:
    """Attach the opinion of an expert who declared to have no conflict of interest; return it.

    The same opinion again returns the first. Refuses an expert who declared nothing or a conflict, an appeal that is
    not being heard, an empty opinion, and a second, different one.
    """
    ensure_permission(by, Permission.APPEAL_OPINION, region=appeal.attribution.case.region_id)
    expert = moves.ensure_officer(by)
    appeal = appeal_moves.lock(appeal)
    declaration = ConflictDeclaration.objects.filter(appeal=appeal, expert=expert).first()
    known = ExpertOpinion.objects.filter(declaration=declaration).first() if declaration else None
    if known is not None and known.text == text.strip():
        return known
    appeal_moves.ensure_can(appeal, Action.ATTACH_OPINION)
    if known is not None:
        raise WrongState(_("Your opinion is attached already; it is never edited."), rule=RULE, state=appeal.state)
    if declaration is None or declaration.has_conflict:
        raise WrongState(
            _("An opinion needs a declaration that there is no conflict of interest."),
            rule=RULE,
            state="conflict" if declaration else "undeclared",
            next_step=_("Declare your interests first; with a conflict, leave the opinion to somebody else."),
        )
    text = moves.ensure_text(text, _("The opinion"), RULE)
    opinion = ExpertOpinion.objects.create(
        appeal=appeal, declaration=declaration, text=text, given_at=now, recorded_by=expert
    )
    appeal_moves.record("opinion_attached", appeal, by, now, {"opinion": opinion.pk})
    return opinion


def _ensure_apart(appeal: Appeal, expert: User) -> None:
    handlers = Appeal.objects.filter(attribution=appeal.attribution_id)
    columns = handlers.values_list("assigned_to", "accepted_by", "decided_by")
    handling = {officer for row in columns for officer in row if officer is not None}
    if deputies.names_of(expert) & (people_involved(appeal.attribution).keys() | handling):
        raise OfficerInvolved(
            _("Whoever had a hand in the decision or handles an appeal against it is no expert in it."),
            rule=RULE,
            state=appeal.state,
            next_step=_("Ask an expert who took no part in either."),
        )
