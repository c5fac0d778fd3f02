"""Provisional people whom only a withdrawn case names: they wait for nobody, and are used again by the next import."""

from django.db.models import Exists, OuterRef, QuerySet

from cases.models import Attribution, CaseFile
from institutions.models import Practitioner, PractitionerCode


def left_over_people() -> "QuerySet[Practitioner]":
    """Return the provisional people whom no case names that stands, and at least one did."""
    named = Attribution.objects.filter(practitioner=OuterRef("pk"))
    return Practitioner.objects.filter(
        Exists(named.filter(case__withdrawn_at__isnull=False)),
        ~Exists(named.filter(case__withdrawn_at__isnull=True)),
        is_provisional=True,
        merged_into__isnull=True,
    )


def left_over(*, case: CaseFile, name: str, category: str) -> Practitioner | None:
    """Return a person without a code whom an import that was taken back had made for the same place, or None.

    The same institution, the same name and category, named by no case: nobody else is hidden behind the row, so that
    taking an import back and importing the mended file again makes nobody twice. Whether anything was taken back there
    is asked first, then who fits by name: mostly nothing, and in the middle of a large import the database knows too
    little of the new rows to begin there by itself.
    """
    if not CaseFile.objects.filter(institution=case.institution_id, withdrawn_at__isnull=False).exists():
        return None
    fitting = Practitioner.objects.filter(
        is_provisional=True, provisional_institution=case.institution_id, name=name.strip(), category=category
    )
    keys = list(fitting.values_list("pk", flat=True))
    coded = PractitionerCode.objects.filter(practitioner=OuterRef("pk"))
    return left_over_people().filter(~Exists(coded), pk__in=keys).order_by("created_at", "pk").first()
