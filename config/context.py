"""What every template may ask for."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from institutions import clock
from institutions.selectors.freshness import freshness


def freshness_of_the_day(_request: HttpRequest) -> dict[str, object]:
    """`freshness`: whether last night's work was done; asked of the database only where a template looks."""
    return {"freshness": SimpleLazyObject(lambda: freshness(clock.now()))}
