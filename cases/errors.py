"""Refusals of case work, each named for what was refused."""

from django.utils.translation import gettext_lazy as _

from institutions.errors import Forbidden, Invalid, RuleRefused, WrongState


class CaseRefused(Invalid):
    """A case file that cannot be taken in; `errors` names every place and reason. Nothing of it was written."""

    code = "case-refused"
    title = _("The case file was refused")


class CaseChanged(WrongState):
    """A case file of this number is on record with other content; what is on record is never overwritten."""

    code = "case-changed"
    title = _("This case number is on record with other content")


class ChangedMeanwhile(WrongState):
    """Another officer has changed the thing since this one opened it; nothing was overwritten."""

    code = "changed-meanwhile"
    title = _("It was changed meanwhile")


class ManyRefused(WrongState):
    """One act for several persons was refused; `errors` names each and why. Nothing was done for any of them."""

    code = "several-refused"
    title = _("Nothing was done for any of them")


class TwoOfficerRule(Forbidden):
    """Whoever proposed does not countersign and does not decide."""

    code = "two-officer-rule"
    title = _("A second officer has to do this")


class OfficerNeeded(Forbidden):
    """The act needs a person who answers for it; the system itself cannot do it."""

    code = "officer-needed"
    title = _("An officer has to do this")


class ProposalRefused(RuleRefused):
    """The rulebook refuses the proposal as it stands; `errors` names every line and reason."""

    code = "proposal-refused"
    title = _("The rulebook refuses this proposal")


class CountersignatureNeeded(RuleRefused):
    """Points or a term outside the suggested range need the second officer's signature with a reason."""

    code = "countersignature-needed"
    title = _("A countersignature is needed")


class OverrideNeeded(RuleRefused):
    """An act that a linked case already scored needs the second officer's reason to be scored again."""

    code = "override-needed"
    title = _("This act is already scored in a linked case")


class AnswerNeeded(RuleRefused):
    """What was noticed is answered in writing before points are decided; `errors` names every question."""

    code = "answer-needed"
    title = _("Questions have to be answered first")


class PreviewNotOpened(RuleRefused):
    """Several are decided at once only where the officer has looked at what each would cause, as it is now."""

    code = "preview-not-opened"
    title = _("The preview was not opened")


class WindowOpen(WrongState):
    """The person may still state their side, or waits for an answer to what they said."""

    code = "statement-window"
    title = _("The statement window is not closed")


class ExpertAwaited(WrongState):
    """An expert was asked and has not answered; nothing is decided meanwhile."""

    code = "expert-awaited"
    title = _("An expert's opinion is awaited")


class ExpertInvolved(Forbidden):
    """Whoever had a hand in a case or works for its institution gives no opinion in it; an expert does not decide."""

    code = "expert-involved"
    title = _("An expert stands apart from the case")


class OfficerInvolved(Forbidden):
    """Whoever had a hand in a decision, or in an earlier appeal against it, does not handle an appeal against it."""

    code = "officer-involved"
    title = _("Somebody else has to handle this appeal")


class AppealNotPossible(WrongState):
    """The decision cannot be appealed against now; the reason is the one that the person's page shows."""

    code = "appeal-not-possible"
    title = _("An appeal is not possible")


class LateWithoutReason(RuleRefused):
    """The time for an appeal has passed; a late one says why it is late."""

    code = "appeal-late"
    title = _("The time for an appeal has passed")


class RepairNotPossible(WrongState):
    """Points cannot be earned back now; the reason is that of the rules, or of the procedure."""

    code = "repair-not-possible"
    title = _("Points cannot be earned back now")


class ReregistrationNotPossible(WrongState):
    """The person cannot be registered anew now; the reason is that of the rules."""

    code = "reregistration-not-possible"
    title = _("A new registration is not possible now")


class SweepIncomplete(WrongState):
    """Some due attributions could not be put into effect; the others were. The sweep tries them again."""

    code = "sweep-incomplete"
    title = _("Some attributions could not be put into effect")
