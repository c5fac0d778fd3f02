"""Puts into force versions of the local rules that differ in one parameter."""

from datetime import datetime

from scoring.models import RulebookVersion
from scoring.policy.rulebook import Rulebook, parse_rulebook


def hold_in_force(
    now: datetime, *, measures: tuple[str, ...] = ("terminate",), from_on: str = "2025-06-01"
) -> Rulebook:
    """Put a version of the local rules into force that holds decisions leading to these measures; return it."""
    local = RulebookVersion.objects.filter(jurisdiction="15").latest("effective_from")
    provenance = local.pack["provenance"] | {"hold": {"assumption": True, "note": "内部管理规定"}}
    pack = {
        **local.pack,
        "version": local.version + 1,
        "effective_from": from_on,
        "hold": {"measures": [*measures], "release_working_days": 3},
        "provenance": provenance,
    }
    book = parse_rulebook(pack)
    RulebookVersion.objects.create(
        rulebook=book.id,
        version=book.version,
        jurisdiction=book.jurisdiction,
        effective_from=book.effective_from,
        is_repeal=False,
        title=book.title,
        pack=dict(book.resolved),
        digest=book.digest,
        activated_at=now,
    )
    return book
