"""What officers fill in about leads."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from cases.models import CaseFile
from cases.services.leads import SUMMARY_LENGTH_MAX, TipText
from cases.services.sealing import Informant
from institutions.codes import normalise_code
from institutions.models import Institution

HITS, DUPLICATES = "hits", "duplicates"
FILE_SIZE_MAX = 20 * 1024 * 1024


class LeadFileForm(forms.Form):
    """A table of hits, or a list of traced codes."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the file holds"),
        choices=[(HITS, gettext_lazy("hits of a detector")), (DUPLICATES, gettext_lazy("traceability codes settled"))],
        widget=UnfoldAdminSelectWidget,
    )
    file = forms.FileField(label=gettext_lazy("File (CSV or XLSX)"), widget=UnfoldAdminFileFieldWidget)

    def clean_file(self) -> bytes:
        """Return what the file holds; too large a one is refused."""
        sent = self.cleaned_data["file"]
        if sent.size > FILE_SIZE_MAX:
            limit = {"size": FILE_SIZE_MAX // 1024 // 1024}
            raise forms.ValidationError(_("The file is larger than %(size)d MB. Split it.") % limit)
        return bytes(sent.read())


class TipForm(forms.Form):
    """What somebody tells. Name and contact may be left out; they are sealed."""

    institution = forms.CharField(
        label=gettext_lazy("Institution (code or full name)"), widget=UnfoldAdminTextInputWidget
    )
    summary = forms.CharField(
        label=gettext_lazy("What happened, where and when"),
        help_text=gettext_lazy("Leave out the names of patients."),
        max_length=SUMMARY_LENGTH_MAX,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of whoever tells it (sealed; may be left out)"),
        max_length=100,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    contact = forms.CharField(
        label=gettext_lazy("How to reach them (sealed)"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    wants_reward = forms.BooleanField(
        label=gettext_lazy("They ask for the reward"), required=False, widget=UnfoldBooleanWidget
    )

    def clean_institution(self) -> Institution:
        """Return the institution; a name that several have is refused."""
        given = self.cleaned_data["institution"].strip()
        found = list(Institution.objects.filter(code=normalise_code(given))[:1])
        found = found or list(Institution.objects.filter(name=given)[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("No one institution has this code or this full name."))
        return found[0]

    def clean(self) -> dict[str, object]:
        """Refuse a name without a way to reach its bearer, and the other way round."""
        given = super().clean() or {}
        if bool(given.get("name")) != bool(given.get("contact")):
            self.add_error("contact", _("Give both name and contact, or neither."))
        return given

    @property
    def tip(self) -> TipText:
        """Return what was told."""
        given = self.cleaned_data
        informant = Informant(given["name"], given["contact"]) if given["name"] else None
        return TipText(given["institution"], given["summary"], informant, given["wants_reward"])


class ReasonForm(forms.Form):
    """Why a lead is dismissed, taken up again, or its seal opened."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


class PromoteForm(ReasonForm):
    """To which case a lead is joined, and why."""

    case = forms.ModelChoiceField(
        label=gettext_lazy("Case"), queryset=CaseFile.objects.none(), widget=UnfoldAdminSelectWidget
    )
    field_order = ("case", "reason")


class RewardForm(forms.Form):
    """The amount that was confirmed."""

    confirmed = forms.DecimalField(
        label=gettext_lazy("Confirmed amount (yuan)"),
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )
