"""The kinds there are. A new one joins with its line in ``ConsequenceKind`` and its line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scoring.consequences.claims import ClaimsConsequence
from scoring.consequences.entry import EntryConsequence
from scoring.consequences.kind import Kind
from scoring.consequences.measure import MeasureConsequence
from scoring.consequences.notice import NoticeConsequence
from scoring.consequences.open_data import OpenDataConsequence
from scoring.consequences.reader import ReaderConsequence
from scoring.consequences.scorecard import ScorecardConsequence
from scoring.enums import ConsequenceKind

ENTRY = EntryConsequence()
MEASURE = MeasureConsequence()
SCORECARD = ScorecardConsequence()
NOTICE = NoticeConsequence()
READER = ReaderConsequence()
CLAIMS = ClaimsConsequence()
OPEN_DATA = OpenDataConsequence()

REGISTRY: Mapping[ConsequenceKind, Kind[Any]] = {
    kind.kind: kind for kind in (ENTRY, MEASURE, SCORECARD, NOTICE, READER, CLAIMS, OPEN_DATA)
}


def kind_of(name: str) -> Kind[Any]:
    """The class of a stored kind."""
    return REGISTRY[ConsequenceKind(name)]
