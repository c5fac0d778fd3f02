"""What came of a roster: counts, and each refused row with its row, column, value and reason. Pure; no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was refused. `row` counts as spreadsheets do: the headings are row 1."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A refused row as it was written, to be mended and imported again."""

    row: int
    cells: Mapping[str, str]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PossibleMatch:
    """A new person who may be the provisional person of a case; an officer decides, names never do."""

    row: int
    slug: str


@dataclass(frozen=True, slots=True)
class MissingSpell:
    """A running registration that a full roster does not name.

    It is ended only if `is_sure` (no row of the institution was refused, so none can have been about it) and
    `has_begun` by the day on which it is to end.
    """

    institution: str
    slug: str
    name: str
    starts_on: date
    is_sure: bool
    has_begun: bool


@dataclass(slots=True)
class ImportReport:
    """Rows created, updated and unchanged are registrations; the rest says what else followed."""

    dry_run: bool = False
    run: int | None = None
    encoding: str = ""
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    institutions_created: int = 0
    institutions_updated: int = 0
    practitioners_created: int = 0
    practitioners_updated: int = 0
    confirmed: int = 0
    ended: int = 0
    rejected: list[RowError] = field(default_factory=list)
    rejected_rows: list[RejectedRow] = field(default_factory=list)
    possible_matches: list[PossibleMatch] = field(default_factory=list)
    missing: list[MissingSpell] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Return every count, for the audit event and the command's output."""
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": len(self.rejected_rows),
            "institutions_created": self.institutions_created,
            "institutions_updated": self.institutions_updated,
            "practitioners_created": self.practitioners_created,
            "practitioners_updated": self.practitioners_updated,
            "confirmed": self.confirmed,
            "missing": len(self.missing),
            "ended": self.ended,
        }

    @property
    def changed(self) -> bool:
        """Say whether anything was, or would be, written."""
        return any(
            (
                self.created,
                self.updated,
                self.institutions_created,
                self.institutions_updated,
                self.practitioners_created,
                self.practitioners_updated,
                self.ended,
            )
        )

    def refuse(self, row: int, cells: Mapping[str, str], errors: list[RowError]) -> None:
        """Put a row among the rejected, with all its reasons."""
        self.rejected.extend(errors)
        self.rejected_rows.append(RejectedRow(row, cells, tuple(error.reason for error in errors)))
