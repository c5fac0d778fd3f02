"""The state of an attribution as one short text, so that whoever saves can say what they had before them."""

import hashlib
import json

from cases.models import Attribution, AttributionLine
from institutions.json_types import Json

LENGTH = 16


def version_of(attribution: Attribution) -> str:
    """Return a text that changes with the state, the window, the term, or any line of an attribution.

    Reads `lines` with their findings and evidence, and no query where these were fetched along.
    """
    seen = {
        "state": attribution.state,
        "window": attribution.window,
        "months": attribution.months,
        "countersign_reason": attribution.countersign_reason,
        "lines": sorted((_line(line) for line in attribution.lines.all()), key=lambda row: (str(row[0]), str(row[1]))),
    }
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()[:LENGTH]


def _line(line: AttributionLine) -> list[Json]:
    amount = None if line.amount is None else f"{line.amount:.2f}"
    keys: list[Json] = [*sorted(piece.key for piece in line.evidence.all())]
    factors: list[Json] = [*sorted(line.factors)]
    return [line.finding.key, line.clause, line.degree, line.points, amount, line.reasoning, factors, keys]
