"""Which words a letter uses: one entry for each kind and audience. A test asks for every pair."""

from django.utils.translation import gettext as _

from institutions.letters import defaults
from institutions.letters.facts import Facts
from institutions.letters.kinds import appeals, corrections, measures, proceedings, rosters
from institutions.letters.letter import Audience
from institutions.letters.words import Writer
from institutions.models import NoticeKind

PERSON, CASE, OTHER, AUTHORITY = Audience


def _four(person: Writer, case: Writer, other: Writer, authority: Writer) -> dict[Audience, Writer]:
    return {PERSON: person, CASE: case, OTHER: other, AUTHORITY: authority}


WORDS: dict[NoticeKind, dict[Audience, Writer]] = {
    NoticeKind.INTENT: _four(proceedings.intent_person, proceedings.intent_institution, defaults.quiet, defaults.quiet),
    NoticeKind.DECISION: _four(
        proceedings.decision_person, proceedings.decision_institution, defaults.quiet, defaults.quiet
    ),
    NoticeKind.DEADLINE: _four(
        proceedings.deadline_person, proceedings.deadline_institution, defaults.quiet, defaults.quiet
    ),
    NoticeKind.HANDOVER: _four(
        proceedings.handover_person, proceedings.handover_institution, defaults.quiet, defaults.quiet
    ),
    NoticeKind.STATUS_CHANGE: _four(
        measures.status_person, measures.status_institution, measures.status_outside, measures.status_outside
    ),
    NoticeKind.RESTORED: _four(
        measures.restored_person, measures.restored_others, measures.restored_others, measures.restored_others
    ),
    NoticeKind.REMINDER: _four(
        measures.reminder_person, measures.reminder_institution, measures.reminder_outside, defaults.quiet
    ),
    NoticeKind.INTERVIEW: _four(
        measures.interview_person, measures.interview_institution, measures.reminder_outside, defaults.quiet
    ),
    NoticeKind.KEY_SUPERVISION: _four(
        measures.supervision_person, measures.supervision_institution, measures.reminder_outside, defaults.quiet
    ),
    NoticeKind.CORRECTION: _four(
        corrections.correction_person,
        corrections.correction_institution,
        corrections.correction_outside,
        corrections.correction_outside,
    ),
    NoticeKind.REPAIR: _four(
        corrections.repair_person, corrections.repair_others, corrections.repair_others, corrections.repair_others
    ),
    NoticeKind.REREGISTRATION: _four(
        corrections.registered_person,
        corrections.registered_others,
        corrections.registered_others,
        corrections.registered_others,
    ),
    NoticeKind.ROSTER_WATCH: _four(
        rosters.watch_person, rosters.watch_institution, rosters.watch_institution, defaults.quiet
    ),
    NoticeKind.APPEAL: _four(appeals.course_person, appeals.course_institution, defaults.quiet, defaults.quiet),
    NoticeKind.APPEAL_OUTCOME: _four(
        appeals.outcome_person, appeals.outcome_institution, defaults.quiet, defaults.quiet
    ),
}


def title_of(kind: NoticeKind, facts: Facts) -> str:
    """Return what the letter calls itself, above everything else."""
    match kind, facts.text("effect"), facts.text("decision"):
        case NoticeKind.DECISION, _effect, "rejected":
            return _("Decision that no points are given")
        case NoticeKind.STATUS_CHANGE, "suspended", _decision:
            return _("Letter on the suspension of payment qualification")
        case NoticeKind.STATUS_CHANGE, "terminated", _decision:
            return _("Letter on the termination of payment qualification")
    return {
        NoticeKind.INTENT: _("Letter on intended points"),
        NoticeKind.DECISION: _("Decision on points"),
        NoticeKind.DEADLINE: _("Letter on a later deadline"),
        NoticeKind.HANDOVER: _("Request to hand over a letter"),
        NoticeKind.STATUS_CHANGE: _("Letter on payment qualification"),
        NoticeKind.RESTORED: _("Letter on the end of a measure"),
        NoticeKind.REMINDER: _("Letter on a reminder talk"),
        NoticeKind.INTERVIEW: _("Letter on an interview"),
        NoticeKind.KEY_SUPERVISION: _("Letter on closer supervision"),
        NoticeKind.CORRECTION: _("Letter of correction"),
        NoticeKind.ROSTER_WATCH: _("Letter on people still registered"),
        NoticeKind.REPAIR: _("Letter on points earned back"),
        NoticeKind.REREGISTRATION: _("Letter on a new registration"),
        NoticeKind.APPEAL: _("Letter on the course of your appeal")
        if facts.audience is Audience.PERSON
        else _("Letter on the course of an appeal"),
        NoticeKind.APPEAL_OUTCOME: _("Letter on the outcome of your appeal")
        if facts.audience is Audience.PERSON
        else _("Letter on the outcome of an appeal"),
    }.get(kind, kind.label if isinstance(kind.label, str) else str(kind.label))
