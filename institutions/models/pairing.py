"""Columns that are filled together or not at all: an instant, who, and sometimes the decision."""

from django.db.models import CheckConstraint, Q


def all_or_none(name: str, *fields: str) -> CheckConstraint:
    """Return a check that the named columns are all empty or all filled."""
    empty, filled = Q(), Q()
    for field in fields:
        empty &= Q(**{f"{field}__isnull": True})
        filled &= Q(**{f"{field}__isnull": False})
    return CheckConstraint(condition=empty | filled, name=name)
