"""How evenly clauses are scored: a table and a chart by province for officers, from the cells added up at night."""

import json
from collections.abc import Iterable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from cases.models import Degree
from cases.policy.consistency import NO_AMOUNT
from cases.question_texts import band_words
from cases.selectors.concern_shape import concern_rule
from cases.selectors.dispersion import Dispersion, clauses_counted, dispersion
from institutions import clock
from institutions.admin.officers import OfficerAdmin

COLOURS = {"general": "#60a5fa", "important": "#a78bfa", "principal": "#f59e0b"}  # told apart on light and on dark
WORDS = "#7b8494"  # read on light and on dark
OPTIONS = {
    "scales": {"x": {"ticks": {"color": WORDS}}, "y": {"min": 0, "max": 12, "ticks": {"color": WORDS}}},
    "plugins": {"legend": {"display": True, "labels": {"color": WORDS}}},
}
ALL = ""


class CellForm(forms.Form):
    """Which clause, and which band of amounts."""

    clause = forms.ChoiceField(label=gettext_lazy("Clause"), widget=UnfoldAdminSelectWidget)
    band = forms.ChoiceField(label=gettext_lazy("Amount"), required=False, widget=UnfoldAdminSelectWidget)

    def __init__(self, data: object, *, clauses: Iterable[str], bounds: Iterable[int]) -> None:
        """Offer the clauses that were counted, and the bands of the rule."""
        super().__init__(data)  # type: ignore[arg-type]
        limits = list(bounds)
        numbers = [NO_AMOUNT, *range(len(limits) + 1)]
        bands = [(ALL, _("all amounts")), *((str(number), band_words(limits, number)) for number in numbers)]
        for name, choices in (("clause", [(code, code) for code in clauses]), ("band", bands)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class DispersionAction(OfficerAdmin):
    """Adds the page of the dispersion to the list of cases (`admin:cases_casefile_dispersion`)."""

    def get_urls(self) -> list[URLPattern]:
        """Give the page a name of its own."""
        own = path("dispersion/", self.admin_site.admin_view(self.dispersion), name="cases_casefile_dispersion")
        return [own, *super().get_urls()]

    @action(description=gettext_lazy("How evenly clauses are scored"), permissions=["view"])
    def show_dispersion(self, request: HttpRequest) -> HttpResponse:
        """Show the page for the first clause that was counted."""
        return self.dispersion(request)

    def dispersion(self, request: HttpRequest) -> HttpResponse:
        """Show the table and the chart of one clause; whoever may see cases may see it."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        clauses, on = clauses_counted(), clock.today()
        bounds = concern_rule(on).consistency.amount_bands
        first = {"clause": clauses[0] if clauses else ""}
        form = CellForm(request.GET if "clause" in request.GET else first, clauses=clauses, bounds=bounds)
        found = None
        if form.is_valid():
            chosen = form.cleaned_data["band"]
            found = dispersion(form.cleaned_data["clause"], on=on, band=int(chosen) if chosen != ALL else None)
        facts = self.admin_site.each_context(request) | {
            "title": _("How evenly clauses are scored"),
            "opts": self.model._meta,
            "form": form,
            "found": found,
            "rows": _rows(found) if found else [],
            "degrees": Degree.choices,
            "chart": _chart(found) if found else "",
            "chart_options": json.dumps(OPTIONS),
            "page": reverse("admin:cases_casefile_dispersion"),
            "back": reverse("admin:cases_casefile_changelist"),
        }
        return render(request, "admin/dispersion.html", facts, status=422 if form.errors and clauses else 200)


def _rows(found: Dispersion) -> list[tuple[str, list[object]]]:
    return [
        (place.name or _("the whole country"), [place.spreads[degree] for degree in Degree.values])
        for place in found.places
    ]


def _chart(found: Dispersion) -> str:
    """Medians by place and degree, for the chart that stands beside the table; suppressed cells have no bar."""
    labels = [place.name or _("the whole country") for place in found.places]
    datasets = []
    for degree, label in Degree.choices:
        spreads = [place.spreads[degree] for place in found.places]
        medians = [float(spread.median) if spread else None for spread in spreads]
        datasets.append({"label": str(label), "data": medians, "backgroundColor": COLOURS[degree]})
    return json.dumps({"labels": labels, "datasets": datasets}, ensure_ascii=False)
