"""`/cases/`: typical cases, told with masked names; each under an address that answers 410 once it is over."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from cases.selectors import typical_cases
from cases.selectors.typical_cases import PublishedCase
from institutions import clock
from institutions.errors import NotThere, Withdrawn
from institutions.selectors import freshness
from scoring.views.caching import never_indexed

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class CaseText:
    """A case in the reader's language; in Chinese where there is no English text."""

    case: PublishedCase
    title: str
    paragraphs: tuple[str, ...]
    clauses: tuple[tuple[str, str], ...]
    is_translated: bool

    @property
    def lang(self) -> str:
        """The language of the text."""
        return "en" if self.is_translated else "zh-Hans"


@require_safe
@conditional_page
@never_indexed
def case_list(request: HttpRequest) -> HttpResponse:
    """List the published cases, the latest first."""
    on = freshness.as_of(clock.now())
    page = Paginator(typical_cases.published_cases(on), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [case_text(case) for case in typical_cases.as_published(list(page.object_list))]
    return render(request, "cases/typical_cases.html", {"cases": shown, "page": page, "as_of": on})


@require_safe
@conditional_page
@never_indexed
def case_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell one case; 410 with a designed page once it was withdrawn or its display is over."""
    on = freshness.as_of(clock.now())
    try:
        found = typical_cases.published_case(slug, on)
    except NotThere as error:
        raise Http404 from error
    except Withdrawn as error:
        facts = {
            "status": error.status,
            "title": _("This case is no longer shown"),
            "detail": _(
                "Its time of display is over, or it was withdrawn. Whoever has copied it is asked to let it go too."
            ),
        }
        return render(request, "error.html", facts, status=error.status)
    return render(request, "cases/typical_case.html", {"told": case_text(found), "as_of": on})


def case_text(case: PublishedCase) -> CaseText:
    """Put a case into the language that is active."""
    english = (get_language() or "").startswith("en")
    is_translated = english and bool(case.body_en)
    body = case.body_en if is_translated else case.body
    return CaseText(
        case=case,
        title=case.title_en if is_translated else case.title,
        paragraphs=tuple(part.strip() for part in body.split("\n") if part.strip()),
        clauses=tuple((c.code, c.title_en if english and c.title_en else c.title) for c in case.clauses),
        is_translated=is_translated,
    )
