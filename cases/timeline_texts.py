"""The words for what happened to a case, by the name under which the act is on record."""

from django.utils.translation import gettext_lazy as _

from institutions.errors import Text

HAPPENED: dict[str, Text] = {
    "case.imported": _("Case file taken in"),
    "case.linked": _("Linked with another case"),
    "evidence.added": _("Evidence added"),
    "evidence.redacted": _("Redacted copy added"),
    "evidence.hash_mismatch": _("Evidence found changed"),
    "basis.annulled": _("Basis annulled"),
    "finding.annulled": _("Finding annulled"),
    "basis.reinstated": _("Basis put back by a higher court"),
    "finding.reinstated": _("Finding put back by a higher court"),
    "attribution.drafted": _("Drafted"),
    "attribution.edited": _("Lines changed"),
    "attribution.proposed": _("Proposed"),
    "attribution.withdrawn": _("Withdrawn"),
    "attribution.resumed": _("Taken up again"),
    "attribution.countersigned": _("Countersigned"),
    "attribution.returned": _("Returned for changes"),
    "attribution.intent_served": _("Person told what is intended"),
    "attribution.window_ended": _("Statement window ended"),
    "attribution.deadline_renewed": _("Statement window lengthened"),
    "attribution.decided": _("Decided: points"),
    "attribution.rejected": _("Decided: no points"),
    "attribution.held": _("Held for another officer"),
    "attribution.released": _("Released"),
    "attribution.sent_back": _("Sent back undecided"),
    "attribution.hold_overdue": _("Release overdue: escalated"),
    "concern.answered": _("Question before the decision answered"),
    "attribution.served": _("Decision served"),
    "attribution.effective": _("Put into effect"),
    "attribution.varied": _("Varied"),
    "attribution.set_aside": _("Set aside"),
    "attribution.reinstated": _("Put back"),
    "statement.received": _("Statement received"),
    "statement.answered": _("Statement answered"),
    "letter.issued": _("Letter made out"),
    "letter.receipt_kept": _("Receipt kept"),
    "letter.receipt_opened": _("Receipt opened"),
    "appeal.filed": _("Appeal filed"),
    "appeal.assigned": _("Appeal assigned"),
    "appeal.accepted": _("Appeal accepted"),
    "appeal.asked": _("Question to the person"),
    "appeal.answered": _("Person answered the question"),
    "appeal.resumed": _("Appeal goes on without an answer"),
    "appeal.interests_declared": _("Expert declared conflicts of interest"),
    "appeal.opinion_attached": _("Expert opinion attached"),
    "appeal.decided": _("Appeal decided"),
    "appeal.withdrawn": _("Appeal withdrawn"),
    "appeal.elevated": _("Appeal taken to the second level"),
    "appeal.dates_renewed": _("Dates of the appeal counted anew"),
    "appeal.overdue": _("Appeal overdue"),
    "appeal.second_level_open": _("Second level open, since no answer came"),
    "appeal.moot": _("Appeal without object"),
}


def happened(action: str) -> str:
    """Return what happened as an officer reads it; an act without words of its own is named as it is on record."""
    return str(HAPPENED.get(action, action))
