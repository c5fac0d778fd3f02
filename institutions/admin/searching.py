"""How the lists of the admin are searched at any size: each way to fit by its own index, then put together.

One condition with "or" over several tables is read row by row; so every way is a query of its own.
"""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from institutions.codes import normalise_code
from institutions.models import User

ModelT = TypeVar("ModelT", bound=Model)


def field_fits(field: str, wanted: str) -> Q:
    """Return the condition of one entry of `search_fields`: "=" the whole value, "^" its beginning, else a part."""
    match field[0]:
        case "=" if field.endswith("__username"):
            # Users are few, each with many rows: PostgreSQL would read through the rows of whoever it is, or of nobody.
            meant = User.objects.filter(username__in=sorted({wanted, wanted.upper()})).order_by()
            return Q(**{f"{field[1:].removesuffix('__username')}__in": list(meant.values_list("pk", flat=True))})
        case "=":
            return Q(**{f"{field[1:]}__in": sorted({wanted, wanted.upper()})})
        case "^":
            return Q(**{f"{field[1:]}__startswith": wanted})
    return Q(**{f"{field}__contains": wanted})


def person_fits(path: str, wanted: str) -> list[Q]:
    """Return the ways in which the person at `path` may be meant: code, public id, name, pinyin, initials."""
    at = f"{path}__" if path else ""
    ways = [Q(**{f"{at}name__startswith": wanted})]
    if wanted.isascii():
        spelled = "".join(filter(str.isalnum, wanted)).lower()
        ways += [
            Q(**{f"{at}codes__code": normalise_code(wanted)}),
            Q(**{f"{at}slug": wanted.lower()}),
            *([Q(**{f"{at}pinyin__startswith": spelled}), Q(**{f"{at}initials": spelled})] if spelled else []),
        ]
    return [_is_there(path) & way for way in ways]


def place_fits(path: str, wanted: str) -> list[Q]:
    """Return the ways in which the institution at `path` may be meant: its code, or the beginning of its name."""
    at = f"{path}__" if path else ""
    ways = [Q(**{f"{at}code": normalise_code(wanted)}), Q(**{f"{at}name__startswith": wanted})]
    return [_is_there(path) & way for way in ways]


def _is_there(path: str) -> Q:
    """Say what follows anyway: of a key that most rows leave empty PostgreSQL expects every row to have one."""
    return Q(**{f"{path}__isnull": False}) if path else Q()


def first_of(rows: "QuerySet[ModelT]", fits: Sequence[Q], most: int) -> "QuerySet[ModelT]":
    """Return the first rows, in the order of `rows`, that fit in one way at least, up to a number; no way fits none.

    Each way is asked for its own first rows, so that it goes by the index of the order where many fit and by its own
    where few do, and none is read through. One query here; what is returned asks by key.
    """
    if not fits:
        return rows.none()
    first, *others = (rows.filter(one).select_related(None).values_list("pk", flat=True)[:most] for one in fits)
    return rows.filter(pk__in=set(first.union(*others, all=True)))
