"""The forms of the case workspace: one person's part with its lines, and what is asked for each act."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cases.models import AttributionLine, CaseFile, Degree, Finding, ServiceMethod
from cases.models.attribution import REASONING_LENGTH_MIN
from cases.models.choices import FACTOR_LABELS
from cases.policy.suggestion import accepted_clauses, is_before_cutoff
from cases.services.attributions import LineInput
from institutions.admin.file_fields import ManyFilesField
from institutions.models import Category
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import Clause

TEXT_MAX = 4000
PREFIX = "line"


def _text(label: Any, rows: int = 3, **kwargs: Any) -> forms.CharField:  # noqa: ANN401 - handed on to Django's field
    return forms.CharField(label=label, max_length=TEXT_MAX, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class LineForm(forms.Form):
    """One finding scored under one clause. `offer` says which clauses the basis and the day of the act accept."""

    finding = forms.CharField(widget=forms.HiddenInput)
    clause = forms.ChoiceField(label=gettext_lazy("Clause"))
    degree = forms.ChoiceField(label=gettext_lazy("Degree"), choices=Degree.choices)
    points = forms.IntegerField(label=gettext_lazy("Points"), min_value=1, max_value=99)
    amount = forms.DecimalField(
        label=gettext_lazy("Amount (yuan)"), min_value=0, max_digits=14, decimal_places=2, required=False
    )
    factors = forms.MultipleChoiceField(
        label=gettext_lazy("Circumstances"),
        choices=[(factor.value, label) for factor, label in FACTOR_LABELS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    evidence = forms.MultipleChoiceField(
        label=gettext_lazy("Evidence that ties this person to it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reasoning = _text(gettext_lazy("Reasoning"), min_length=REASONING_LENGTH_MIN)

    def __init__(self, *args: Any, offer: "Offer", **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """Offer the clauses and the evidence of the case."""
        super().__init__(*args, **kwargs)
        self.about: Finding | None = offer.findings.get(str(self["finding"].value() or ""))
        _choice(self.fields["clause"]).choices = offer.clause_choices(self.about, str(self["clause"].value() or ""))
        _choice(self.fields["evidence"]).choices = offer.evidence
        for name in ("clause", "degree", "points", "amount", "reasoning"):
            self.fields[name].widget.attrs["class"] = "ws-input"
        self.fields["points"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        self.fields["reasoning"].widget.attrs |= {"data-least": REASONING_LENGTH_MIN}
        self.fields["reasoning"].widget.attrs.pop("minlength", None)

    def as_input(self) -> LineInput:
        """Return the line as the services take it."""
        sent = self.cleaned_data
        return LineInput(
            finding=sent["finding"],
            clause=sent["clause"],
            degree=sent["degree"],
            points=sent["points"],
            reasoning=sent["reasoning"],
            amount=sent["amount"],
            evidence=tuple(sent["evidence"]),
            factors=tuple(sent["factors"]),
        )


def _choice(field: forms.Field) -> forms.ChoiceField:
    assert isinstance(field, forms.ChoiceField)
    return field


class Offer:
    """What the lines of a case may name: its standing findings, its evidence, and the clauses for each finding."""

    def __init__(
        self, case: CaseFile, rulebook: Rulebook, findings: Sequence[Finding], evidence: Sequence[tuple[str, str]]
    ) -> None:
        """Take what the page has read already."""
        self.rulebook = rulebook
        self.findings = {finding.key: finding for finding in findings}
        self.evidence = list(evidence)
        self.clauses = accepted_clauses(rulebook, case.basis.kind, case.basis.articles)

    def clause_choices(self, finding: Finding | None, stored: str) -> list[tuple[str, str]]:
        """Return the clauses for a finding with band and title; none where the act lies before the scheme began.

        A clause that is stored already stays in the list, so that nothing is changed unseen.
        """
        choices = [("", _("choose a clause"))]
        if finding is None or not is_before_cutoff(self.rulebook, finding.to_on):
            choices += [(clause.code, _label(clause)) for clause in self.clauses]
        if stored and stored not in {code for code, _name in choices}:
            choices.append((stored, _("%(clause)s (not accepted here)") % {"clause": stored}))
        return choices


def _label(clause: Clause) -> str:
    title = clause.title_en if (get_language() or "").startswith("en") else clause.title
    band = f"{clause.band.minimum}–{clause.band.maximum}"
    return f"{clause.code} · {band} · {title}"


class PersonForm(forms.Form):
    """What is said once for a person: the term, why the range is left, and what lay before the officer."""

    months = forms.IntegerField(label=gettext_lazy("Months of suspension"), min_value=1, max_value=99, required=False)
    countersign_reason = _text(gettext_lazy("Why the suggested range is left"), rows=2, required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """Dress the fields for the page."""
        super().__init__(*args, **kwargs)
        for name in ("months", "countersign_reason"):
            self.fields[name].widget.attrs["class"] = "ws-input"


class ProvisionalForm(forms.Form):
    """Somebody whom no roster names: scored, and not published until they are found on one."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=Category.choices)
    code = forms.CharField(label=gettext_lazy("National code, if known"), max_length=40, required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = _text(gettext_lazy("Reason"), rows=2)


class StatementForm(forms.Form):
    """What the person said, and when it came in."""

    text = _text(gettext_lazy("What the person says"), rows=4)
    received_on = forms.DateField(
        label=gettext_lazy("Came in on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AnswerForm(forms.Form):
    """The answer to a statement."""

    statement = forms.IntegerField(widget=forms.HiddenInput)
    answer = _text(gettext_lazy("Answer"), rows=4)


class ServeForm(forms.Form):
    """How the letters of those ticked reached them: one day, one way, one proof."""

    method = forms.ChoiceField(label=gettext_lazy("Way of service"), choices=ServiceMethod.choices)
    served_on = forms.DateField(
        label=gettext_lazy("Day on which it reached the person"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    proof = forms.CharField(label=gettext_lazy("Proof"), max_length=300)
    published_on = forms.DateField(
        label=gettext_lazy("Public notice: day of publication"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    witness = forms.CharField(label=gettext_lazy("Not accepted: who was there"), max_length=200, required=False)


class LinkForm(ReasonForm):
    """Another case of the same institution about the same acts, by its number."""

    other = forms.CharField(label=gettext_lazy("Number of the other case"), max_length=60)
    field_order = ("other", "reason")

    def __init__(self, *args: Any, case: CaseFile, visible: Any, **kwargs: Any) -> None:  # noqa: ANN401 - a queryset
        """Take the case, and the cases that the officer may see."""
        super().__init__(*args, **kwargs)
        self._others = visible.filter(institution=case.institution_id, withdrawn_at__isnull=True).exclude(pk=case.pk)

    def clean_other(self) -> CaseFile:
        """Return the case of this number; one of another institution, or out of sight, is not there."""
        other: CaseFile | None = self._others.filter(number=self.cleaned_data["other"].strip()).first()
        if other is None:
            raise forms.ValidationError(_("There is no other case of this institution with this number."))
        return other


class EvidenceForm(forms.Form):
    """Files to be kept as evidence: each gets the next free key, and its name as title unless one is given."""

    pieces = ManyFilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy("PDF, pictures, DOCX, XLSX, TXT or CSV; told by their content. All are kept, or none."),
    )
    title = forms.CharField(label=gettext_lazy("Title, for a single file"), max_length=300, required=False)


class RedactedForm(forms.Form):
    """A redacted copy of a piece of evidence, and what was taken out."""

    taken_out = _text(gettext_lazy("What was taken out"), rows=2)
    file = forms.FileField(label=gettext_lazy("File"))


def line_initial(line: AttributionLine) -> dict[str, object]:
    """Return a stored line as the form shows it."""
    return {
        "finding": line.finding.key,
        "clause": line.clause,
        "degree": line.degree,
        "points": line.points,
        "amount": line.amount,
        "factors": list(line.factors),
        "evidence": [piece.key for piece in line.evidence.all()],
        "reasoning": line.reasoning,
    }


def bound_lines(data: Mapping[str, Any], offer: Offer) -> list[LineForm]:
    """Return the lines of a sent form, in their order, each bound to what was sent."""
    count = data.get(f"{PREFIX}s", "0")
    total = min(int(count), 60) if str(count).isdigit() else 0
    return [LineForm(data, prefix=f"{PREFIX}-{index}", offer=offer) for index in range(total)]


def unbound_lines(initials: Sequence[Mapping[str, object]], offer: Offer) -> list[LineForm]:
    """Return forms that show these lines."""
    return [
        LineForm(initial=dict(initial), prefix=f"{PREFIX}-{index}", offer=offer)
        for index, initial in enumerate(initials)
    ]
