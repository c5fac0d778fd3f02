"""How the lists of the admin are searched at any size: each way to fit by its own index, then put together.

One condition with "or" over several tables is read row by row; so every way is a query of its own.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet

from institutions.codes import normalise_code


def field_fits(field: str, wanted: str) -> Q:
    """Return the condition of one entry of `search_fields`: "=" the whole value, "^" its beginning, else a part."""
    match field[0]:
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
    return ways


def place_fits(path: str, wanted: str) -> list[Q]:
    """Return the ways in which the institution at `path` may be meant: its code, or the beginning of its name."""
    at = f"{path}__" if path else ""
    return [Q(**{f"{at}code": normalise_code(wanted)}), Q(**{f"{at}name__startswith": wanted})]


def any_of(model: type[Model], fits: Sequence[Q]) -> "QuerySet[Model, dict[str, Any]]":
    """Return the keys of the rows that fit in one way at least; no way fits none."""
    if not fits:
        return model._default_manager.none().values("pk")
    first, *others = (model._default_manager.filter(one).order_by().values("pk") for one in fits)
    return first.union(*others, all=True) if others else first
