"""The parts a rulebook is made of, as plain frozen values.

A rulebook is the law as data: every threshold, month, day-count and switch that the policy uses is a
field here, read from a pack (`docs/rulebooks.md`) and never a constant in code. Mappings are typed
read-only. The words are those of `docs/glossary.md`; the wire values of the enumerations are the words
written in the packs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Category(StrEnum):
    """Kinds of related persons (相关人员) that a jurisdiction can put in scope."""

    PHYSICIAN = "physician"
    NURSE = "nurse"
    PHARMACIST = "pharmacist"
    TECHNICIAN = "technician"
    FEE_REVIEWER = "fee_reviewer"
    PHARMACY_PRINCIPAL = "pharmacy_principal"


class BasisKind(StrEnum):
    """Kinds of decision (处理依据) on which points can rest."""

    ADMINISTRATIVE_PENALTY = "administrative_penalty"
    AGREEMENT_HANDLING = "agreement_handling"
    CIRCULAR = "circular"
    OTHER_AUTHORITY_DECISION = "other_authority_decision"


class Degree(StrEnum):
    """Degrees of responsibility (责任程度), in rising order."""

    GENERAL = "general"
    IMPORTANT = "important"
    PRINCIPAL = "principal"


class Cycle(StrEnum):
    """How long points stay on the account; the national rule is the calendar year in Asia/Shanghai."""

    CALENDAR_YEAR = "calendar_year"


class PointsDatedBy(StrEnum):
    """Which date of a decision places its points in a year: of the basis, or of service (effect)."""

    BASIS = "basis"
    EFFECTIVE = "effective"


class SameConduct(StrEnum):
    """How several lines about one act count: once at the highest, or added."""

    HIGHEST = "highest"
    SUM = "sum"


class SingleScope(StrEnum):
    """What "in one go" means: the whole decision, or its largest conduct."""

    DECISION = "decision"
    CONDUCT = "conduct"


class ReminderKind(StrEnum):
    """Measures that warn and change no status: talk, interview, key supervision."""

    REMIND = "remind"
    INTERVIEW = "interview"
    KEY_SUPERVISION = "key_supervision"


class FurtherPoints(StrEnum):
    """What more points do while or after a suspension of the same year: top it up, or start a full one."""

    TOP_UP = "top_up"
    RESTART = "restart"


class MeasureKind(StrEnum):
    """Measures that change the payment-qualification status."""

    SUSPEND = "suspend"
    TERMINATE = "terminate"


class EffectStarts(StrEnum):
    """From which day a measure runs, counted from the day the decision took effect."""

    DECISION_DAY = "decision_day"
    NEXT_DAY = "next_day"
    NEXT_MONTH = "next_month"


class TerminationEnd(StrEnum):
    """How a bar ends: on a new registration with a new commitment, or by itself."""

    APPLICATION = "application"
    AUTOMATIC = "automatic"


class AlertProposal(StrEnum):
    """What is proposed against an institution with too large a share of its staff under a measure."""

    SUSPEND_SETTLEMENT = "suspend_settlement"
    SUSPEND_AGREEMENT = "suspend_agreement"


class PublicationMode(StrEnum):
    """How far the public may look: see the table of modes in `docs/rulebooks.md`."""

    OPEN = "open"
    CONFIRM = "confirm"
    STATUS_ONLY = "status_only"
    CLOSED = "closed"


class PublishAfter(StrEnum):
    """When a decision may appear in public."""

    EFFECTIVE = "effective"


class SuspendDisplay(StrEnum):
    """How long a suspension is shown."""

    UNTIL_END = "until_end"


class TerminateDisplay(StrEnum):
    """How long a termination is shown."""

    UNTIL_REREGISTRATION = "until_reregistration"


class EntriesDisplay(StrEnum):
    """How long the entries behind the points are shown."""

    UNTIL_YEAR_END = "until_year_end"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a parameter comes from: the `source` text, or an `assumption` that must be shown as one, and
    a `note`.
    """

    source: str = ""
    assumption: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A parameter (its `path` in the pack) that no text known to us fixes, and why the value was taken."""

    path: str
    note: str


@dataclass(frozen=True, slots=True)
class Band:
    """Lowest and highest points of a clause for one occurrence, both inclusive."""

    minimum: int
    maximum: int

    def allows(self, points: int) -> bool:
        """Whether `points` lie inside the band."""
        return self.minimum <= points <= self.maximum


@dataclass(frozen=True, slots=True)
class Clause:
    """One item of the negative list (负面清单).

    `basis` names the kinds of decision it accepts, `articles` those of the fund Regulation (条例) it refers
    to, `degrees` the suggested points by degree of responsibility, `requires_prior` the clause codes or
    band letters of which one must already have been scored in the year (a repeat).
    """

    code: str
    band: Band
    title: str
    title_en: str
    basis: tuple[BasisKind, ...]
    articles: tuple[int, ...]
    degrees: Mapping[Degree, int]
    requires_prior: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderTier:
    """At this total of a year the reminder of this kind fires, once per person and year."""

    at: int
    kind: ReminderKind


@dataclass(frozen=True, slots=True)
class MonthsRow:
    """Months of suspension at one total: the officer's range, both ends inclusive, and the default."""

    minimum: int
    maximum: int
    default: int

    def allows(self, months: int) -> bool:
        """Whether `months` lie inside the officer's range."""
        return self.minimum <= months <= self.maximum


@dataclass(frozen=True, slots=True)
class SuspendRule:
    """The suspension ladder: from `at` points to just below the full tier.

    `single` is the table for points given in one go, or None where it is the same as `cumulative`.
    """

    at: int
    cumulative: Mapping[int, MonthsRow]
    single: Mapping[int, MonthsRow] | None
    further_points: FurtherPoints


@dataclass(frozen=True, slots=True)
class FullMeasure:
    """What the full tier imposes: a kind and its length, in years or in months as the pack writes it."""

    kind: MeasureKind
    years: int | None
    months: int | None

    @property
    def length_months(self) -> int:
        """The length in months, whichever way the pack writes it."""
        return (self.years or 0) * 12 + (self.months or 0)


@dataclass(frozen=True, slots=True)
class FullRule:
    """The full tier: from `at` points, reached over the year (`cumulative`) or in one go (`single`)."""

    at: int
    cumulative: FullMeasure
    single: FullMeasure


@dataclass(frozen=True, slots=True)
class Measures:
    """The whole ladder of a rulebook."""

    reminders: tuple[ReminderTier, ...]
    suspend: SuspendRule
    full: FullRule


@dataclass(frozen=True, slots=True)
class RepairRule:
    """Earning points back: `points` per effective participation, at most `cap_per_year`, and who is
    excluded.
    """

    points: int
    cap_per_year: int
    excluded_single_full: bool
    excluded_articles: frozenset[int]


@dataclass(frozen=True, slots=True)
class AppealRule:
    """The course of an appeal, in working days counted from the day after each event.

    `decide` from filing to the outcome; `answer` for a question to the person, which stops the clock no longer; after
    `silence` without an outcome, and for `second_level` after a refusal, the person may go to the second level.
    """

    decide_working_days: int
    answer_working_days: int
    silence_working_days: int
    second_level_working_days: int


@dataclass(frozen=True, slots=True)
class ServiceRule:
    """Ways of service that take time: a letter made public is served this many days after its publication."""

    public_notice_days: int


@dataclass(frozen=True, slots=True)
class HoldRule:
    """Decisions that lead to one of these measures wait for another officer's release, due in so many working days."""

    measures: tuple[MeasureKind, ...]
    release_working_days: int


@dataclass(frozen=True, slots=True)
class InstitutionAlert:
    """From this share of an institution's staff under a measure in the year, this is proposed against it."""

    share: Decimal
    proposal: AlertProposal


@dataclass(frozen=True, slots=True)
class Display:
    """How long each thing stays on the public page."""

    suspend: SuspendDisplay
    terminate: TerminateDisplay
    entries: EntriesDisplay


@dataclass(frozen=True, slots=True)
class Publication:
    """What a stranger may see, from when, and for how long; `points` says whether the total is shown."""

    mode: PublicationMode
    points: bool
    publish_after: PublishAfter
    display: Display
