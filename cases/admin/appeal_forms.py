"""The forms with which officers handle an appeal. They ask for what the services need; the services refuse."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldBooleanWidget,
)

from cases.admin.long_texts import long_text
from cases.models import Appeal, AttributionLine, Outcome
from cases.selectors.appeals import officers_for
from cases.services.appeal_decisions import points_now
from cases.states.appeal import State
from institutions.models import User
from scoring.models import PointsEntry


class AssignForm(forms.Form):
    """The officer who is to handle the appeal; whoever had a hand in the decision is not offered."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("Officer"), queryset=User.objects.none(), widget=UnfoldAdminSelectWidget
    )

    def __init__(self, data: QueryDict | None = None, *, appeal: Appeal) -> None:
        """Offer the officers who may decide in the region and had no hand in it."""
        super().__init__(data, prefix="assign")
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = officers_for(appeal)
        field.initial = appeal.assigned_to_id


class AskForm(forms.Form):
    """A question to the person."""

    text = long_text(gettext_lazy("Question to the person"))

    def __init__(self, data: QueryDict | None = None) -> None:
        """Keep its fields apart from those of the other forms."""
        super().__init__(data, prefix="ask")


class DeclareForm(forms.Form):
    """An expert's declaration of interests."""

    has_conflict = forms.BooleanField(
        label=gettext_lazy("I have a conflict of interest"), required=False, widget=UnfoldBooleanWidget
    )
    text = long_text(gettext_lazy("My ties to the person, the institution or the decision, or that there are none"), 3)

    def __init__(self, data: QueryDict | None = None) -> None:
        """Keep its fields apart from those of the other forms."""
        super().__init__(data, prefix="declare")


class OpinionForm(forms.Form):
    """An expert's opinion."""

    text = long_text(gettext_lazy("Opinion"), 8)

    def __init__(self, data: QueryDict | None = None) -> None:
        """Keep its fields apart from those of the other forms."""
        super().__init__(data, prefix="opinion")


class DecideForm(forms.Form):
    """The outcome with its reasons, and for a variation the points that each line keeps."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=UnfoldAdminSelectWidget)
    reasons = long_text(gettext_lazy("Reasons, as they stand in the letter to the person"), 8)

    def __init__(self, data: QueryDict | None = None, *, appeal: Appeal, standing: PointsEntry | None) -> None:
        """Offer the outcomes that the state admits, and one field per line that still counts."""
        super().__init__(data, prefix="decide")
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [(item.value, item.label) for item in outcomes_in(State(appeal.state))]
        self.worth = points_now(standing) if standing is not None and appeal.state == State.ACCEPTED else {}
        for line in self._lines(appeal):
            self.fields[f"points_{line.pk}"] = forms.IntegerField(
                label=_("%(title)s (%(clause)s): points kept") % {"title": line.finding.title, "clause": line.clause},
                help_text=_("Only for “varied”: 0 to %(points)s; 0 lets the line fall.")
                % {"points": self.worth[line.pk]},
                min_value=0,
                max_value=self.worth[line.pk],
                initial=self.worth[line.pk],
                widget=UnfoldAdminIntegerFieldWidget,
            )

    def points_by_line(self) -> dict[int, int]:
        """Return the points that each line keeps, where the outcome is a variation."""
        if self.cleaned_data["outcome"] != Outcome.VARIED:
            return {}
        return {line: self.cleaned_data[f"points_{line}"] for line in self.worth}

    def _lines(self, appeal: Appeal) -> Iterable[AttributionLine]:
        lines = AttributionLine.objects.filter(attribution=appeal.attribution_id, pk__in=self.worth)
        return lines.select_related("finding").order_by("finding__key", "clause")


class PeriodForm(forms.Form):
    """The days between which decisions reached a person."""

    from_on = forms.DateField(label=gettext_lazy("Decisions served from"), widget=UnfoldAdminDateWidget)
    until_on = forms.DateField(label=gettext_lazy("to"), widget=UnfoldAdminDateWidget)

    def clean(self) -> dict[str, object]:
        """Refuse a period that ends before it begins."""
        given: dict[str, object] = super().clean() or {}
        first, last = self.cleaned_data.get("from_on"), self.cleaned_data.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("The last day lies before the first."))
        return given


def outcomes_in(state: State) -> list[Outcome]:
    """Return the outcomes that an officer may decide in a state."""
    if state is State.FILED:
        return [Outcome.INADMISSIBLE]
    return [Outcome.UPHELD, Outcome.OVERTURNED, Outcome.VARIED] if state is State.ACCEPTED else []
