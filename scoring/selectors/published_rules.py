"""The rulebook versions that anybody may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from institutions.errors import NotThere
from scoring.enums import EntryKind
from scoring.models import PointsEntry, RulebookVersion
from scoring.policy.rulebook import Rulebook
from scoring.selectors.rulebooks import rulebook_of


def published_rulebook(rulebook: str, version: int) -> Rulebook:
    """Return an activated version; raises NotThere for a draft or an unknown one."""
    stored = RulebookVersion.objects.filter(rulebook=rulebook, version=version, activated_at__isnull=False).first()
    if stored is None:
        raise NotThere()
    return rulebook_of(stored)


def decisions_under(book: Rulebook, *, step: int) -> int:
    """Return for how many decisions a version was used, rounded down to `step`: a small number names its persons."""
    rows = PointsEntry.objects.filter(rulebook__digest=book.digest, kind=EntryKind.AWARD, replaces__isnull=True)
    count = rows.order_by().count()
    return count - count % step


@dataclass(frozen=True, slots=True)
class ListedRulebook:
    """One version of the rules as the list shows it."""

    id: str
    version: int
    title: str
    title_en: str
    jurisdiction: str
    effective_from: date
    is_repeal: bool
    is_in_force: bool


def published_rulebooks(on: date) -> list[ListedRulebook]:
    """Return every activated version: national first, then by region; of each the newest first.

    In force on a Shanghai date is the latest of a rulebook that has begun, unless it is a repeal.
    """
    stored = RulebookVersion.objects.filter(activated_at__isnull=False).order_by("jurisdiction", "rulebook", "-version")
    begun: set[str] = set()
    listed = []
    for row in stored:
        book = rulebook_of(row)
        is_latest = row.rulebook not in begun and book.effective_from <= on
        if is_latest:
            begun.add(row.rulebook)
        listed.append(
            ListedRulebook(
                id=row.rulebook,
                version=row.version,
                title=book.title,
                title_en=book.title_en,
                jurisdiction=book.jurisdiction,
                effective_from=book.effective_from,
                is_repeal=book.repeal,
                is_in_force=is_latest and not book.repeal,
            )
        )
    return listed
