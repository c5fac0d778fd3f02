"""The restoration manifest on the officers' pages, and as a page to print."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from cases.models import Attribution
from cases.selectors.manifests import manifest_of
from institutions import clock
from institutions.admin.officers import OfficerAdmin
from institutions.errors import WrongState


class ManifestAction(OfficerAdmin):
    """Adds the manifest of its decision to the page of an attribution."""

    @action(description=gettext_lazy("Restoration manifest"), url_path="manifest", permissions=["view"])
    def manifest(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show every effect with its tick; `?print=1` is the page to print or to save as PDF."""
        attribution = cast("Attribution | None", self.get_object(request, object_id))
        if attribution is None:
            raise Http404
        attribution = Attribution.objects.select_related("case__institution", "practitioner").get(pk=attribution.pk)
        try:
            manifest = manifest_of(attribution)
        except WrongState as refusal:
            return self._page(request, attribution, {"refusal": refusal}, status=409)
        if request.GET.get("print"):
            facts = {"attribution": attribution, "manifest": manifest, "as_of": clock.today()}
            return render(request, "cases/manifest_page.html", facts)
        return self._page(request, attribution, {"manifest": manifest}, status=200)

    def _page(
        self, request: HttpRequest, attribution: Attribution, facts: dict[str, object], *, status: int
    ) -> HttpResponse:
        facts |= self.admin_site.each_context(request) | {
            "title": _("Restoration manifest"),
            "opts": self.model._meta,
            "attribution": attribution,
            "back": reverse("admin:cases_attribution_change", args=[attribution.pk]),
        }
        return render(request, "admin/attribution_manifest.html", facts, status=status)
