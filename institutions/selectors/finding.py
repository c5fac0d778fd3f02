"""What an officer types to find a row, as conditions on the row: a person by code, name, pinyin or initials, a place.

For rows that are few already (what waits): names are compared row by row. Codes are looked up by their index first.
"""

from django.db.models import Q

from institutions.codes import normalise_code
from institutions.models import PractitionerCode


def person_fits(path: str, term: str) -> Q:
    """Return the condition that the person at `path` has this code or public id, or a name with or read like this.

    `path` is "" where the row is the person.
    """
    at = f"{path}__" if path else ""
    wanted = term.strip()
    fits = Q(**{f"{at}name__contains": wanted})
    if not wanted.isascii():
        return fits
    spelled = "".join(filter(str.isalnum, wanted)).lower()
    coded = PractitionerCode.objects.filter(code=normalise_code(wanted)).values_list("practitioner_id", flat=True)
    fits |= Q(**{f"{at}pk__in": list(coded.order_by()[:10])}) | Q(**{f"{at}slug": wanted.lower()})
    if spelled:
        fits |= Q(**{f"{at}pinyin__startswith": spelled}) | Q(**{f"{at}initials": spelled})
    return fits


def place_fits(path: str, term: str) -> Q:
    """Return the condition that the institution at `path` has this code, or a name with this in it."""
    wanted = term.strip()
    return Q(**{f"{path}__code": normalise_code(wanted)}) | Q(**{f"{path}__name__contains": wanted})
