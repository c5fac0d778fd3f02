"""Which cases somebody may see."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet

from cases.models import CaseFile, CaseLink
from institutions.models import User
from institutions.permissions import Permission, regions_for, within

Reader = User | AnonymousUser | None


def visible_to(user: Reader) -> QuerySet[CaseFile]:
    """Return the cases of the regions over which a user may see cases; others are not there for them."""
    prefixes = regions_for(user, Permission.CASE_VIEW)
    return (
        CaseFile.objects.filter(within(prefixes), withdrawn_at__isnull=True)
        .select_related("basis", "institution", "region")
        .annotate(attribution_count=Count("attributions"))
        .order_by("-opened_at", "-id")
    )


def linked_numbers(case: CaseFile) -> list[str]:
    """Return the numbers of the cases directly linked to this one."""
    onward = CaseLink.objects.filter(first=case).values_list("second__number", flat=True)
    back = CaseLink.objects.filter(second=case).values_list("first__number", flat=True)
    return sorted([*onward, *back])
