"""`/rules/drafts/{id}`: a draft put before the public with what it would change, in counts that name nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from institutions.errors import NotThere
from scoring.models import DraftState, EffectMode, RulebookDraft
from scoring.policy.account import Status
from scoring.selectors.places import place_names
from scoring.selectors.roster_watch import STATUS_LABELS
from scoring.selectors.rulebook_drafts import active_rulebooks, book_of, differences, published_draft, replaced_by
from scoring.services.rulebook_drafts import K_MIN
from scoring.views.parameter_names import parameter_name


@dataclass(frozen=True)
class PublicQuestion:
    """One question with its counts in words; `mode` is its name in the code."""

    mode: str
    since: date | None
    moves: tuple[tuple[str, str], ...]
    causes: tuple[tuple[str, str], ...]


@require_safe
@conditional_page
def rule_draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a published draft; others are not there."""
    try:
        draft = published_draft(pk)
    except NotThere as error:
        raise Http404 from error
    book = book_of(draft)
    base = replaced_by(book, [b for b in active_rulebooks() if b.digest != book.digest])
    region = draft.jurisdiction.ljust(6, "0")
    language = get_language() or "zh-hans"
    facts = {
        "draft": draft,
        "is_open": draft.is_open,
        "is_active": draft.state == DraftState.ACTIVATED,
        "title": book.title_en if language.startswith("en") and book.title_en else book.title,
        "place": place_names([region]).get(region, "") if draft.jurisdiction else "",
        "base": base,
        "rows": [(parameter_name(row.change.path), row) for row in differences(book, base)],
        "questions": [_question(draft, mode) for mode in EffectMode if mode.value in draft.public_effect],
        "k_min": K_MIN,
    }
    return render(request, "scoring/rule_draft.html", facts)


def _question(draft: RulebookDraft, mode: EffectMode) -> PublicQuestion:
    counts = cast("dict[str, object]", draft.public_effect[mode.value])
    moves = cast("dict[str, int]", counts["moves"])
    causes = cast("dict[str, int]", counts["causes"])
    since = str(counts.get("since") or "")
    return PublicQuestion(
        mode.value,
        date.fromisoformat(since) if since else None,
        tuple((_move(move), _count(count)) for move, count in moves.items()),
        tuple((parameter_name(cause), _count(count)) for cause, count in causes.items()),
    )


def _move(move: str) -> str:
    before, _sep, after = move.partition(">")
    if before == after:
        return _("%(status)s as before, other dates or points") % {"status": STATUS_LABELS[Status(before)]}
    return f"{STATUS_LABELS[Status(before)]} → {STATUS_LABELS[Status(after)]}"


def _count(count: int) -> str:
    if not count:
        return _("fewer than %(least)s persons") % {"least": K_MIN}
    return _("%(low)s to %(high)s persons") % {"low": count, "high": count + K_MIN - 1}
