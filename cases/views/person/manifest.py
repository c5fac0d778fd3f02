"""`/n/{number}/manifest`: what a decision caused, each effect with when and how it was undone (M1)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.views.person.doors import Visit, behind_letter
from cases.views.person.letter import frame
from cases.views.person.matters import manifest_of


@require_safe
@behind_letter
def manifest(request: HttpRequest, visit: Visit) -> HttpResponse:
    """List every effect of what fell, ticked, with the days that can be claimed again; 404 while nothing fell."""
    found = manifest_of(visit.attribution)
    if found is None:
        raise Http404
    return render(request, "person/manifest.html", frame(visit) | {"manifest": found})
