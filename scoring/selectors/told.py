"""What people were told about a person, and what of it was corrected since."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from institutions.models import Notice, NoticeKind, Practitioner
from institutions.selectors.practitioners import record_ids


def notices_about(slugs: Collection[str]) -> QuerySet[Notice]:
    """Every notice about the persons with these public ids."""
    return Notice.objects.filter(payload__practitioner_slug__in=list(slugs))


def corrected_numbers(practitioner: Practitioner) -> frozenset[str]:
    """The numbers of the notices about a person, under whichever of the merged records, that a later one corrects."""
    return _corrected(Practitioner.objects.filter(pk__in=record_ids(practitioner)).values_list("slug", flat=True))


def cause_anew(base: str, practitioner: Practitioner, number: int) -> str:
    """The cause under which something is told: ``base``, or one of its own where all told under it was corrected."""
    told = Notice.objects.filter(Q(cause=base) | Q(cause__startswith=f"{base}:again:")).values_list("number", flat=True)
    is_stale = bool(told) and corrected_numbers(practitioner).issuperset(told)
    return f"{base}:again:{number}" if is_stale else base


def causes_anew(wanted: Collection[tuple[UUID, str]]) -> frozenset[str]:
    """Those of the causes, each with its person, under which something was told and has been corrected. Two queries."""
    told = Notice.objects.filter(cause__in={cause for _person, cause in wanted})
    number_of = dict(told.order_by().values_list("number", "cause"))
    if not number_of:
        return frozenset()
    people = {person for person, cause in wanted if cause in set(number_of.values())}
    done = _corrected(Practitioner.objects.filter(pk__in=people).values_list("slug", flat=True))
    return frozenset(cause for number, cause in number_of.items() if number in done)


def _corrected(slugs: Iterable[str]) -> frozenset[str]:
    corrections = notices_about(list(slugs)).filter(kind=NoticeKind.CORRECTION)
    lists = corrections.values_list("payload__corrects", flat=True)
    return frozenset(str(number) for numbers in lists for number in numbers or ())
