"""The page of expert assessments of one attribution: what was asked and answered, and the acts on it."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from cases.admin.long_texts import long_text
from cases.models import Attribution, ExpertAssessment
from cases.selectors import expert_assessments
from cases.selectors.assessments import stored_lines
from cases.services import attributions, legal_moves
from cases.states import Action
from institutions.clock import local_date
from institutions.errors import Forbidden, JifenError, Text, WrongState
from institutions.models import User
from institutions.permissions import Permission, has_permission

OF_EXPERTS = ("opinion", "decline")


class Named(forms.ModelChoiceField):
    """Offers officers by the name that colleagues know."""

    def label_from_instance(self, obj: User) -> str:
        """Return the name with the user name."""
        return f"{obj.get_full_name()} ({obj.username})"


class OpenForm(forms.Form):
    """A question and the expert who is asked; whoever had a hand in the case or works there is not offered."""

    expert = Named(label=gettext_lazy("Expert"), queryset=User.objects.none(), widget=UnfoldAdminSelectWidget)
    question = long_text(
        gettext_lazy("Question to the expert"),
        5,
        help_text=gettext_lazy("At least 10 characters; it is cited in the letter."),
    )

    def __init__(self, data: QueryDict | None, *, attribution: Attribution) -> None:
        """Offer the experts who stand apart."""
        super().__init__(data, prefix="open")
        field = self.fields["expert"]
        assert isinstance(field, Named)
        field.queryset = expert_assessments.experts_for(attribution)


class OpinionForm(forms.Form):
    """The expert's declaration of interests, then the opinion."""

    declaration = long_text(
        gettext_lazy("Declaration of interests"),
        3,
        help_text=gettext_lazy(
            "Whether anything ties me to the person, the institution or the officers; where I work."
        ),
    )
    text = long_text(
        gettext_lazy("Opinion"), 8, help_text=gettext_lazy("At least 10 characters; it is cited in the letter.")
    )


class ReasonForm(forms.Form):
    """The reason why there will be no opinion."""

    reason = long_text(gettext_lazy("Reason"), 3)


@dataclass(frozen=True)
class Act:
    """One act on the page: its name, the words on its button, its form, what it leads to."""

    name: str
    label: Text
    form: forms.Form
    hint: Text = ""


class Work:
    """One officer or expert before the assessments of one attribution."""

    def __init__(self, attribution: Attribution, user: User, sent: QueryDict | None, now: datetime) -> None:
        """Read what is there; the form of the act that was sent is bound."""
        self.attribution, self.user, self.now, self.sent = attribution, user, now, sent
        self.act_sent = sent.get("move", "") if sent is not None else ""
        self.waiting = expert_assessments.open_assessment(attribution)
        self.blocked = legal_moves.reason_against(Action.ASK_EXPERT, attribution, by=user, now=now)
        self.acts = {act.name: act for act in self._acts()}

    @property
    def needed(self) -> Permission:
        """Return the permission that the act that was sent needs."""
        return Permission.ASSESSMENT_OPINION if self.act_sent in OF_EXPERTS else Permission.ASSESSMENT_OPEN

    def act(self) -> str:
        """Do what was sent and return what to say about it; "" where the form has to be mended first.

        Refuses (403) an expert who was not asked, and (409) what is not possible now.
        """
        act = self.acts.get(self.act_sent)
        if act is None:
            raise self._refusal()
        if not act.form.is_valid():
            return ""
        given = act.form.cleaned_data
        if act.name == "open":
            made = attributions.open_assessment(attribution=self.attribution, by=self.user, now=self.now, **given)
            return _("The expert is asked; the opinion is due by %(day)s. The time to decide stands.") % {
                "day": made.due_on
            }
        assert self.waiting is not None  # the other acts are there only while one is open
        if act.name == "opinion":
            attributions.give_opinion(assessment=self.waiting, by=self.user, now=self.now, **given)
            return _("Your opinion is attached; it is never edited.")
        end = attributions.decline if act.name == "decline" else attributions.withdraw_assessment
        end(assessment=self.waiting, by=self.user, now=self.now, **given)
        return _("The question is given back.") if act.name == "decline" else _("The question is withdrawn.")

    def facts(self) -> dict[str, object]:
        """Return what the page shows."""
        it = self.attribution
        rule = expert_assessments.rule_on(local_date(self.now))
        return {
            "attribution": it,
            "case": it.case,
            "assessments": expert_assessments.assessments_of(it),
            "statements": it.statements.order_by("-window", "received_at"),
            "lines": [(line, None) for line in stored_lines(it)],
            "acts": list(self.acts.values()),
            "blocked": "" if "open" in self.acts else self.blocked,
            "rule": rule,
            "today": local_date(self.now),
        }

    def _acts(self) -> list[Act]:
        acts = []
        if not self.blocked:
            form = OpenForm(self._data("open"), attribution=self.attribution)
            hint = _("Until the opinion is there nothing is decided, and the time to decide stands.")
            acts.append(Act("open", _("Ask the expert"), form, hint))
        if self.waiting is not None and self._is_asked(self.waiting):
            own = _("Declare your interests first. The opinion is on record for good and is cited in the letter.")
            acts.append(
                Act("opinion", _("Attach the opinion"), OpinionForm(self._data("opinion"), prefix="opinion"), own)
            )
            back = _("For a conflict of interest, or because the question lies outside your field.")
            acts.append(
                Act("decline", _("Give the question back"), ReasonForm(self._data("decline"), prefix="decline"), back)
            )
        if self.waiting is not None and self._may(Permission.ASSESSMENT_OPEN):
            on = _("The time to decide goes on with the days that were left.")
            acts.append(
                Act("withdraw", _("Withdraw the question"), ReasonForm(self._data("withdraw"), prefix="withdraw"), on)
            )
        return acts

    def _refusal(self) -> JifenError:
        if self.act_sent == "open" and self.blocked:
            return WrongState(self.blocked, state=self.attribution.state)
        if self.waiting is None:
            return WrongState(_("No question to an expert is open here."), state=self.attribution.state)
        return Forbidden(_("Another expert was asked."))

    def _is_asked(self, waiting: ExpertAssessment) -> bool:
        return waiting.expert_id == self.user.pk and self._may(Permission.ASSESSMENT_OPINION)

    def _may(self, permission: Permission) -> bool:
        return has_permission(self.user, permission, region=self.attribution.case.region_id)

    def _data(self, name: str) -> QueryDict | None:
        return self.sent if self.act_sent == name else None
