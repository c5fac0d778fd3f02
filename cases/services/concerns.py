"""Answering what is asked before a decision, in writing and by whoever decides."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import AnswerNeeded, TwoOfficerRule
from cases.models import Attribution, CaseFile, ConcernAnswer, ConcernKind, ContinuityChoice, Proposal
from cases.question_texts import unanswered_words
from cases.selectors.concern_shape import Concern
from cases.selectors.concerns import concerns_before, concerns_of
from cases.services import moves
from institutions.clock import local_date
from institutions.errors import RuleRefused, WrongState
from institutions.models import User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

RULE = "design: what is noticed is answered in writing before the decision"
ANSWER_LENGTH_MIN = 10  # characters; a promise of the product, stated on the form


@transaction.atomic
def answer(
    *,
    case: CaseFile,
    key: str,
    digest: str,
    text: str,
    choice: str = "",
    by: User | None,
    now: datetime,
) -> ConcernAnswer:
    """Write the answer to one question down, for the facts as the officer saw them (`digest`), and return it.

    The same answer by the same officer a second time changes nothing. Refuses (403) whoever proposed what is asked
    about, (409) a question that is not asked or whose facts have changed or that is answered, and (422) a text that
    says nothing and a question about care without an arrangement.
    """
    ensure_permission(by, Permission.ATTRIBUTION_DECIDE, region=case.region_id)
    officer = moves.ensure_officer(by)
    case = moves.lock_case(case.pk)
    text = text.strip()
    given = ConcernAnswer.objects.filter(case=case, key=key, digest=digest).first()
    if given is not None:
        return _same(given, text, choice, officer)
    asked = _asked(case, key, digest, officer, now)
    _ensure_not_proposer(asked, officer)
    if len(text) < ANSWER_LENGTH_MIN:
        raise RuleRefused(
            _("An answer has at least %(least)s characters.") % {"least": ANSWER_LENGTH_MIN},
            rule=RULE,
            next_step=_("Say what was looked into and what was found."),
        )
    _ensure_choice(asked, choice)
    written = ConcernAnswer.objects.create(
        case=case,
        attribution=asked.attribution,
        kind=asked.kind,
        rule=asked.rule,
        key=key,
        digest=digest,
        facts=asked.facts,
        choice=choice,
        text=text,
        answered_by=officer,
        answered_at=now,
    )
    audit.record_event(
        action="concern.answered",
        subject=asked.attribution or case,
        by=by,
        now=now,
        detail={"case": case.number, "question": asked.kind.value, "rule": asked.rule, "choice": choice},
        reason=text,
        region=case.region_id,
    )
    return written


def ensure_answered(attribution: Attribution, *, on: date) -> None:
    """Raise `AnswerNeeded` while a question about the attribution or its case has no answer for its present facts."""
    waiting = [item for item in concerns_before(attribution, on=on) if item.waits]
    if waiting:
        raise AnswerNeeded(
            " ".join([unanswered_words(len(waiting)), *(item.sentence for item in waiting)]),
            rule=RULE,
            state=attribution.state,
            errors=[
                {"key": item.key, "digest": item.digest, "message": item.sentence, "question": item.question}
                for item in waiting
            ],
            next_step=_("Answer the questions, or return it for changes."),
        )


def _asked(case: CaseFile, key: str, digest: str, officer: User, now: datetime) -> Concern:
    found = next((item for item in concerns_of(case, on=local_date(now), by=officer) if item.key == key), None)
    if found is None:
        raise WrongState(
            _("This question is not asked about the case now."),
            rule=RULE,
            next_step=_("Look at the case anew."),
        )
    if found.digest != digest:
        raise WrongState(
            _("The facts have changed since you looked: %(sentence)s") % {"sentence": found.sentence},
            rule=RULE,
            next_step=_("Look at the facts as they are now and answer to them."),
        )
    return found


def _same(given: ConcernAnswer, text: str, choice: str, officer: User) -> ConcernAnswer:
    if (given.answered_by_id, given.text, given.choice) == (officer.pk, text, choice):
        return given
    raise WrongState(
        _("This question is answered already; an answer is never replaced."),
        rule=RULE,
        state="answered",
        next_step=_("Read the answer; it counts as long as the facts stay as they are."),
    )


def _ensure_not_proposer(asked: Concern, officer: User) -> None:
    proposals = Proposal.objects.filter(attribution__case=asked.case).select_related("attribution")
    if asked.attribution is not None:
        proposals = proposals.filter(attribution=asked.attribution)
    proposers: dict[Attribution, set[int]] = {}
    for proposal in proposals:
        proposers.setdefault(proposal.attribution, set()).add(proposal.proposed_by_id)
    if any(officer.pk in known for known in proposers.values()):
        raise TwoOfficerRule(
            _("You proposed what is asked about; the officer who decides has to answer."),
            rule=moves.TWO_OFFICERS,
            next_step=_("Ask an officer who took no part in the proposal."),
        )
    for attribution, known in proposers.items():
        moves.ensure_not_as_one(officer, known, subject=attribution)


def _ensure_choice(asked: Concern, choice: str) -> None:
    if asked.kind is ConcernKind.CONTINUITY and choice not in ContinuityChoice.values:
        raise RuleRefused(
            _("Say what is arranged: one of %(allowed)s.") % {"allowed": ", ".join(ContinuityChoice.values)},
            rule=RULE,
        )
    if asked.kind is not ConcernKind.CONTINUITY and choice:
        raise RuleRefused(_("Only a question about care has an arrangement."), rule=RULE)
