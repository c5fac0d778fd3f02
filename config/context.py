"""What every template may ask for."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from config.admin import trail
from institutions import clock
from institutions.selectors.freshness import freshness


def freshness_of_the_day(_request: HttpRequest) -> dict[str, object]:
    """`freshness`: whether last night's work was done; asked of the database only where a template looks."""
    return {"freshness": SimpleLazyObject(lambda: freshness(clock.now()))}


def way_back(request: HttpRequest) -> dict[str, object]:
    """`desk_trail`: the queue from which an officer's page was opened, where it was."""
    return {"desk_trail": SimpleLazyObject(lambda: trail.back_from(request) or {})}
