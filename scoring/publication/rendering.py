"""From the published facts to the bytes of the page and of the JSON: the one place that renders them.

The publisher makes them undated and stores them; the views make them for one reader, with the banner of a missed night
where there is one. Both call the same functions, so that a page is the same whoever made it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation

from institutions.json_types import Json, JsonObject
from scoring.policy.rulebook import Rulebook
from scoring.publication import frames
from scoring.publication.dating import UNDATED
from scoring.selectors.public_facts import PublicScorecard
from scoring.views.scorecard_page import is_closed, scorecard_page

LANGUAGES = ("zh-hans", "en")
MADE_FROM = ("templates/base.html", "templates/parts/*", "templates/scoring/*", "locale/*/LC_MESSAGES/*.po")
MADE_BY = ("scoring/views/*.py", "scoring/publication/*.py", "scoring/templatetags/*.py", "config/formats/*/*.py")


@dataclass(frozen=True)
class Pages:
    """The undated bytes of one person: facts as JSON, page in Chinese, page in English."""

    facts: bytes
    page_zh_hans: bytes
    page_en: bytes

    @property
    def digest(self) -> str:
        """What the ETags are made from."""
        return hashlib.sha256(b"\0".join((self.facts, self.page_zh_hans, self.page_en))).hexdigest()[:32]


def undated_pages(
    card: PublicScorecard, facts: JsonObject, rulebook: Rulebook, places: Mapping[str, str], *, on: date, at: datetime
) -> Pages | None:
    """Return the bytes to be stored for a card that holds from `on`, worked out at an instant; None if it is closed."""
    if is_closed(card):
        return None
    pages = []
    for language in LANGUAGES:
        with translation.override(language):
            context = page_context(card, rulebook, places, on=on, as_of=UNDATED, evaluated_at=at)
            pages.append(frames.rendered(context, f"/s/{card.slug}").encode())
    return Pages(facts_bytes(facts, UNDATED, at), *pages)


def page_context(
    card: PublicScorecard,
    rulebook: Rulebook,
    places: Mapping[str, str],
    *,
    on: date,
    as_of: date,
    evaluated_at: datetime,
) -> dict[str, object]:
    """Return what the template of the page is given, in the language that is active."""
    return {
        "page": scorecard_page(card, rulebook, on=on, language=translation.get_language() or LANGUAGES[0]),
        "sites": [(site.name, places.get(site.region, "")) for site in card.institutions],
        "as_of": as_of,
        "evaluated_at": evaluated_at,
    }


def facts_bytes(facts: Mapping[str, Json], as_of: date, evaluated_at: datetime) -> bytes:
    """Return the JSON that is sent for a card."""
    whole = {**facts, "as_of": as_of.isoformat(), "evaluated_at": evaluated_at.isoformat()}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


@cache
def made_with() -> str:
    """Return a name for the templates, words and code that make pages: pages of another release are not sent."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterable[Path]:
    root = Path(settings.BASE_DIR)
    yield from sorted(path for pattern in (*MADE_FROM, *MADE_BY) for path in root.glob(pattern) if path.is_file())
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"  # names of static files, where they carry a hash
    if manifest.is_file():
        yield manifest
