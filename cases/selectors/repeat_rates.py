"""Do those who learned do it again less often? Repeat rates per clause, with and without its course (M14).

Everything is counted from the ledger and the approved applications, so that the table can be made again at any time.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cases.models import Activity, RepairApplication
from cases.states.repair import State
from institutions.models import Practitioner
from scoring.enums import EntryKind
from scoring.models import PointsEntry
from scoring.policy.terms import add_months

FOLLOWED_MONTHS = 12  # a choice of the table, named in its heading; no legal number

Days = dict[tuple[str, UUID], list[date]]  # (clause, person) → days of effect, in order


@dataclass(frozen=True, slots=True)
class RepeatRate:
    """Of one clause: how many people were followed for the whole time, and how many were scored under it again.

    `learned` passed its course, and are followed from the day on which it was credited; `others` were scored and never
    passed it in that time, and are followed from their first decision under the clause.
    """

    clause: str
    learned: int
    learned_again: int
    others: int
    others_again: int

    @property
    def learned_share(self) -> float | None:
        """Return the share of those who learned that was scored again, or None of nobody."""
        return self.learned_again / self.learned if self.learned else None

    @property
    def others_share(self) -> float | None:
        """Return the share of the others that was scored again, or None of nobody."""
        return self.others_again / self.others if self.others else None


def repeat_rates(*, on: date, prefixes: Sequence[str] = ("",), months: int = FOLLOWED_MONTHS) -> list[RepeatRate]:
    """Return the repeat rate of each clause that somebody was scored under, as of a day, in regions of the prefixes.

    Only who can be followed for `months` by that day is counted; a decision that fell counts for nobody.
    """
    person_of = _surviving_records()
    scored, passed = _scored(prefixes, person_of, on), _passed(prefixes, person_of, on)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (clause, person), credited in passed.items():
        begins = credited[0]
        if add_months(begins, months) <= on:
            counts[clause][0] += 1
            counts[clause][1] += _again(scored.get((clause, person), []), begins, months)
    for (clause, person), days in scored.items():
        begins = days[0]
        until = add_months(begins, months)
        learned = any(day <= until for day in passed.get((clause, person), []))
        if until <= on and not learned:
            counts[clause][2] += 1
            counts[clause][3] += _again(days, begins, months)
    clauses = sorted({clause for clause, _person in [*scored, *passed]})
    return [RepeatRate(clause, *counts[clause]) for clause in clauses]


def _again(days: Iterable[date], begins: date, months: int) -> int:
    until = add_months(begins, months)
    return int(any(begins < day <= until for day in days))


def _scored(prefixes: Sequence[str], person_of: dict[UUID, UUID], on: date) -> Days:
    """The days on which each person was scored under each clause, by decisions that stand."""
    days: Days = defaultdict(list)
    standing = PointsEntry.objects.filter(kind=EntryKind.AWARD, reversal__isnull=True, effective_on__lte=on)
    rows = standing.order_by("effective_on", "posting").values_list(
        "practitioner_id", "effective_on", "lines", "institution__region_id"
    )
    for practitioner, effective_on, lines, region in rows.iterator():
        if not str(region or "").startswith(tuple(prefixes)):
            continue
        for clause in sorted({str(line["clause"]) for line in lines if not line.get("dropped")}):
            days[clause, person_of.get(practitioner, practitioner)].append(effective_on)
    return days


def _passed(prefixes: Sequence[str], person_of: dict[UUID, UUID], on: date) -> Days:
    """The days on which each person was credited for the course on each clause."""
    days: Days = defaultdict(list)
    approved = RepairApplication.objects.filter(
        activity=Activity.COURSE, state=State.APPROVED.value, credited_on__lte=on
    )
    rows = approved.order_by("credited_on", "id").values_list(
        "practitioner_id", "clause", "credited_on", "institution__region_id"
    )
    for practitioner, clause, credited_on, region in rows.iterator():
        if credited_on is not None and str(region).startswith(tuple(prefixes)):
            days[clause, person_of.get(practitioner, practitioner)].append(credited_on)
    return days


def _surviving_records() -> dict[UUID, UUID]:
    """Merged records, each with the one that survives."""
    into = dict(Practitioner.objects.filter(merged_into__isnull=False).values_list("id", "merged_into_id"))
    surviving: dict[UUID, UUID] = {}
    for record in into:
        last = record
        while last in into and into[last] is not None:
            last = into[last]
        surviving[record] = last
    return surviving
