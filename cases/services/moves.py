"""The steps every service on an attribution shares: who acts, the locks in their order, and the table of moves."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from cases import states
from cases.errors import ChangedMeanwhile, ExpertInvolved, OfficerNeeded, TwoOfficerRule
from cases.models import Attribution, CaseFile, Proposal
from cases.models.choices import ACTION_LABELS, STATE_LABELS
from cases.selectors.versions import version_of
from cases.states import Action, State
from institutions.clock import local_date
from institutions.errors import RuleRefused, WrongState
from institutions.models import User
from institutions.selectors import deputies

STATE_TABLE = "design: state table of attributions"
TWO_OFFICERS = "design: two-officer rule"


def ensure_officer(by: User | None) -> User:
    """Return the acting officer; the system itself is refused."""
    if by is None:
        raise OfficerNeeded(_("This act needs an officer who answers for it."), rule=TWO_OFFICERS)
    return by


def lock_case(case_id: UUID) -> CaseFile:
    """Lock a case file for the rest of the transaction: the first lock in the order."""
    return CaseFile.objects.select_for_update(no_key=True).get(pk=case_id)


def lock(attribution: Attribution) -> Attribution:
    """Lock the case, then the attribution, and return it as it now stands with all that services read of it."""
    lock_case(attribution.case_id)
    return (
        Attribution.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case__basis", "case__institution", "practitioner")
        .get(pk=attribution.pk)
    )


def ensure_can(attribution: Attribution, action: Action) -> State:
    """Return the state after the action; raise `WrongState` where the table does not admit it now."""
    state = State(attribution.state)
    if states.can(action, state):
        return states.next_state(action, state)
    allowed = states.allowed_actions(state)
    label = str(STATE_LABELS[state])
    raise WrongState(
        _("“%(action)s” is not possible: the attribution is in the state “%(state)s”.")
        % {"action": ACTION_LABELS[action], "state": label},
        rule=STATE_TABLE,
        state=state.value,
        next_step=(
            _("Possible now: %(actions)s.") % {"actions": ", ".join(str(ACTION_LABELS[item]) for item in allowed)}
            if allowed
            else _("Nothing more can be done with it.")
        ),
    )


def ensure_unchanged(attribution: Attribution, seen: str) -> None:
    """Refuse where the attribution is no longer the version that lay before the officer; "" asks nothing."""
    if not seen or version_of(attribution) == seen:
        return
    raise ChangedMeanwhile(
        _("Somebody else has changed this attribution since you opened it."),
        rule="design: nobody's work is overwritten unseen",
        state=attribution.state,
        next_step=_("Compare it with what is on record now, then save again."),
    )


def ensure_second_officer(attribution: Attribution, by: User) -> None:
    """Refuse whoever proposed this attribution, in whatever version, to countersign or decide it.

    And whoever was asked as an expert about it, and whoever counts as one person with the proposers: their deputy, and
    in whose name it was proposed (ADR 0051).
    """
    proposers = set(Proposal.objects.filter(attribution=attribution).values_list("proposed_by_id", flat=True))
    if by.pk in proposers:
        raise TwoOfficerRule(
            _("You proposed this attribution; another officer has to decide and countersign it."),
            rule=TWO_OFFICERS,
            state=attribution.state,
            next_step=_("Ask an officer who took no part in the proposal."),
        )
    ensure_not_as_one(by, proposers, subject=attribution, state=attribution.state)
    ensure_no_expert(attribution, by)


def ensure_no_expert(attribution: Attribution, by: User) -> None:
    """Refuse whoever was asked as an expert about this attribution to propose, countersign or decide it."""
    if attribution.expert_assessments.filter(expert=by).exists():
        raise ExpertInvolved(
            _("You were asked as an expert about this attribution; an officer has to do this."),
            rule="design: experts are asked before a decision and stand apart",
            state=attribution.state,
            next_step=_("Leave it to an officer who was not asked for an opinion."),
        )


def ensure_not_as_one(by: User, others: Iterable[int | None], *, subject: Model, state: str = "") -> None:
    """Refuse whoever counts as one person with one of the others: their deputy, and in whose name they acted."""
    reason = deputies.as_one(by, others, subject=subject)
    if reason:
        raise TwoOfficerRule(
            reason, rule=TWO_OFFICERS, state=state, next_step=_("Ask an officer who took no part in it.")
        )


def ensure_day(day: date, *, earliest: date, now: datetime, rule: str) -> None:
    """Refuse a day in the future or before the earliest one possible."""
    today = local_date(now)
    if earliest <= day <= today:
        return
    raise RuleRefused(
        _("%(day)s is not possible: the day lies from %(earliest)s to today, %(today)s.")
        % {"day": day, "earliest": earliest, "today": today},
        rule=rule,
        next_step=_("Give the day on which it really happened."),
    )


def ensure_text(text: str, what: str, rule: str) -> str:
    """Return the text without blanks around it; refuse an empty one. `what` names it to the reader."""
    plain = text.strip()
    if not plain:
        raise RuleRefused(_("%(what)s is required.") % {"what": what}, rule=rule)
    return plain
