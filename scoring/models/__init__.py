"""Rows of the scoring app: rulebooks, the ledger, measures, consequences, published scorecards."""

from scoring.models.account_event import AccountEvent
from scoring.models.consequence import Consequence, ConsequenceReversal
from scoring.models.institution_proposal import InstitutionProposal
from scoring.models.measure import Measure, MeasureEnd
from scoring.models.open_data import OpenDataChange, OpenDataRelease, OpenDataRow
from scoring.models.own_statement import OwnStatement, OwnStatementOutcome
from scoring.models.points_entry import PointsEntry
from scoring.models.points_total import PointsTotal
from scoring.models.published_pages import PublishedPages
from scoring.models.rulebook_draft import (
    DraftState,
    EffectMode,
    RulebookDraft,
    RulebookDraftOpening,
    RulebookEffect,
)
from scoring.models.rulebook_version import RulebookVersion
from scoring.models.scorecard import Scorecard
from scoring.models.status_change import ChangeKind, StatusChange

__all__ = [
    "AccountEvent",
    "ChangeKind",
    "Consequence",
    "ConsequenceReversal",
    "DraftState",
    "EffectMode",
    "InstitutionProposal",
    "Measure",
    "MeasureEnd",
    "OpenDataChange",
    "OpenDataRelease",
    "OpenDataRow",
    "OwnStatement",
    "OwnStatementOutcome",
    "PointsEntry",
    "PointsTotal",
    "PublishedPages",
    "RulebookDraft",
    "RulebookDraftOpening",
    "RulebookEffect",
    "RulebookVersion",
    "Scorecard",
    "StatusChange",
]
