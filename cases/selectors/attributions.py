"""Which attributions somebody may see, and what may be done with one."""

from django.db.models import QuerySet

from cases import states
from cases.models import Attribution
from cases.selectors.case_files import Reader
from cases.states import State
from institutions.permissions import Permission, regions_for, within


def visible_to(user: Reader) -> QuerySet[Attribution]:
    """Return the attributions in cases of the regions over which a user may see cases."""
    prefixes = regions_for(user, Permission.CASE_VIEW)
    return (
        Attribution.objects.filter(within(prefixes, "case__region"))
        .select_related(
            "case__basis", "case__institution", "case__region", "practitioner", "entry", "proposed_by", "decided_by"
        )
        .prefetch_related(
            "lines__finding", "lines__evidence", "practitioner__codes", "services", "statements", "appeals"
        )
        .order_by("-case__opened_at", "id")
    )


def possible_actions(attribution: Attribution) -> list[str]:
    """Return the actions that the state admits; who may take them is another question."""
    return [action.value for action in states.allowed_actions(State(attribution.state))]
