"""The page on which an appeal is handled: which forms an officer sees, and the service behind each."""

from collections.abc import Mapping
from datetime import datetime

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.admin import appeal_forms
from cases.models import Appeal
from cases.selectors import appeals as appeal_selectors
from cases.selectors.entries import standing_entry
from cases.services import appeals
from cases.states import State as DecisionState
from cases.states.appeal import TABLE, Action, State
from institutions import clock
from institutions.models import User
from institutions.permissions import Permission, has_permission
from institutions.selectors import calendar
from scoring.models import PointsEntry

# What needs which permission; the services ask again.
NEEDS: Mapping[Action, Permission] = {
    Action.ASSIGN: Permission.APPEAL_ASSIGN,
    Action.ACCEPT: Permission.APPEAL_DECIDE,
    Action.ASK: Permission.APPEAL_DECIDE,
    Action.RESUME: Permission.APPEAL_DECIDE,
    Action.FIND_INADMISSIBLE: Permission.APPEAL_DECIDE,
    Action.DECIDE: Permission.APPEAL_DECIDE,
    Action.DECLARE_CONFLICT: Permission.APPEAL_OPINION,
    Action.ATTACH_OPINION: Permission.APPEAL_OPINION,
}
BY_THE_ASSIGNED = (Action.ACCEPT, Action.ASK, Action.RESUME, Action.FIND_INADMISSIBLE, Action.DECIDE)


class Work:
    """One officer before one appeal: the forms that are possible now, one of which may have been sent."""

    def __init__(self, appeal: Appeal, officer: User, sent: QueryDict | None) -> None:
        """Build the forms; the one whose `move` was sent is bound."""
        self.appeal, self.officer = appeal, officer
        self.move = sent.get("move", "") if sent is not None else ""
        self.is_refused = False
        self.refusal = ""
        self.preview: int | None = None
        self.possible = {action for action in TABLE.allowed_actions(State(appeal.state)) if self._may(action)}
        self.forms = self._forms(sent)

    @property
    def standing(self) -> PointsEntry | None:
        """Return the award that stands."""
        attribution = self.appeal.attribution
        if attribution.entry is None or attribution.state != DecisionState.EFFECTIVE:
            return None
        return standing_entry(attribution.entry)

    def act(self, now: datetime) -> str:
        """Do what was sent; return what to say about it, empty where a form has to be mended first."""
        appeal, by = self.appeal, self.officer
        if self.move == "accept":
            appeals.accept(appeal=appeal, by=by, now=now)
            return _("The appeal is accepted.")
        if self.move == "resume":
            appeals.resume(appeal=appeal, by=by, now=now)
            return _("The clock runs on.")
        form = self.forms.get(self.move.removeprefix("preview-"))
        if form is None or not form.is_valid():
            self.is_refused = True
            return ""
        return self._act_with(form, now)

    def _act_with(self, form: forms.Form, now: datetime) -> str:
        appeal, by, sent = self.appeal, self.officer, form.cleaned_data
        match self.move:
            case "assign":
                appeals.assign(appeal=appeal, to=sent["to"], by=by, now=now)
                return _("The appeal is assigned.")
            case "ask":
                appeals.ask(appeal=appeal, text=sent["text"], by=by, now=now)
                return _("The person is asked.")
            case "declare":
                has_conflict = sent["has_conflict"]
                appeals.declare_conflict(appeal=appeal, has_conflict=has_conflict, text=sent["text"], by=by, now=now)
                return _("Your interests are declared.")
            case "opinion":
                appeals.attach_opinion(appeal=appeal, text=sent["text"], by=by, now=now)
                return _("The opinion is attached.")
        assert isinstance(form, appeal_forms.DecideForm)
        points = form.points_by_line()
        if self.move == "preview-decide":
            self.preview = appeals.preview_points(appeal=appeal, points_by_line=points, by=by)
            return ""
        appeals.decide(
            appeal=appeal, outcome=sent["outcome"], reasons=sent["reasons"], points_by_line=points, by=by, now=now
        )
        return _("The appeal is decided, and the letter is made out.")

    def refuse(self, message: str) -> None:
        """Show a refusal of the service beside the form that it answers."""
        self.is_refused = True
        form = self.forms.get(self.move.removeprefix("preview-"))
        if form is not None and form.is_bound:
            form.add_error(None, message)
        else:
            self.refusal = message

    def facts(self) -> dict[str, object]:
        """Return what the page shows."""
        appeal = self.appeal
        due = appeal.decision_due_on if appeal.is_open else None
        return {
            "title": _("Appeal %(receipt)s") % {"receipt": appeal.receipt},
            "appeal": appeal,
            "attribution": appeal.attribution,
            "standing": self.standing,
            "forms": self.forms,
            "can_accept": Action.ACCEPT in self.possible,
            "can_resume": Action.RESUME in self.possible,
            "refusal": self.refusal,
            "preview": self.preview,
            "counted": calendar.counted_days(appeal.clock_from_on, due) if due else None,
            "history": appeal.messages.prefetch_related("files"),
            "declarations": appeal.declarations.select_related("expert", "opinion"),
            "back": reverse("admin:cases_appeal_change", args=[appeal.pk]),
            "decision_page": reverse("admin:cases_attribution_change", args=[appeal.attribution_id]),
            "track": appeal_selectors.track(appeal, on=clock.today()),
        }

    def _may(self, action: Action) -> bool:
        needed = NEEDS.get(action)
        region = self.appeal.attribution.case.region_id
        if needed is None or not has_permission(self.officer, needed, region=region):
            return False
        return action not in BY_THE_ASSIGNED or self.appeal.assigned_to_id == self.officer.pk

    def _forms(self, sent: QueryDict | None) -> dict[str, forms.Form]:
        move = self.move.removeprefix("preview-")
        data = {name: sent if move == name else None for name in ("assign", "ask", "declare", "opinion", "decide")}
        made: dict[str, forms.Form] = {}
        if Action.ASSIGN in self.possible:
            made["assign"] = appeal_forms.AssignForm(data["assign"], appeal=self.appeal)
        if Action.ASK in self.possible:
            made["ask"] = appeal_forms.AskForm(data["ask"])
        if Action.DECLARE_CONFLICT in self.possible:
            declared = self.appeal.declarations.filter(expert=self.officer).first()
            if declared is None:
                made["declare"] = appeal_forms.DeclareForm(data["declare"])
            elif not declared.has_conflict and not hasattr(declared, "opinion"):
                made["opinion"] = appeal_forms.OpinionForm(data["opinion"])
        if self.possible & {Action.DECIDE, Action.FIND_INADMISSIBLE}:
            made["decide"] = appeal_forms.DecideForm(data["decide"], appeal=self.appeal, standing=self.standing)
        return made
