"""The mark in the head of every admin page while a region of the officer is in pilot."""

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from institutions import clock, permissions
from institutions.models import Region
from institutions.permissions import WHOLE_COUNTRY, Permission
from institutions.selectors import pilots


def pilot_mark(request: HttpRequest) -> list[str] | None:
    """Return text and colour of the mark, or None; called by the admin for each page."""
    mine = permissions.regions_for(request.user, Permission.LEDGER_VIEW)
    running = [pilot.region_prefix for pilot in pilots.running(clock.today())]
    touching = sorted({prefix for prefix in running if any(_touch(prefix, own) for own in mine)})
    if not touching:
        return None
    return [_("Pilot: %(places)s") % {"places": ", ".join(_names(touching))}, "warning"]


def _touch(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _names(prefixes: list[str]) -> list[str]:
    names = dict(Region.objects.filter(Q(code__in=[p.ljust(6, "0") for p in prefixes])).values_list("code", "name"))
    return [_("the whole country") if p == WHOLE_COUNTRY else names.get(p.ljust(6, "0"), p) for p in prefixes]
