"""Whether attributions and the ledger agree: every effect is one award, and every award has its attribution."""

from collections.abc import Iterator
from dataclasses import dataclass

from cases.models import Attribution, ScoredConduct
from cases.selectors.entries import standing_entry
from cases.states import State
from scoring.enums import EntryKind
from scoring.models import PointsEntry

PREFIX = "attribution:"


@dataclass(frozen=True)
class Disagreement:
    """One thing that does not agree: the attribution or entry, and what is wrong with it."""

    subject: str
    reason: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.subject}: {self.reason}"


def disagreements() -> Iterator[Disagreement]:
    """Find every attribution whose effect the ledger does not hold as it should, and every award without its cause."""
    known: set[str] = set()
    attributions = Attribution.objects.select_related("entry", "case__institution", "practitioner")
    for attribution in attributions.order_by("pk").iterator(chunk_size=500):
        known.add(attribution.source_key)
        for reason in _faults(attribution):
            yield Disagreement(f"{attribution.case.number} {attribution.source_key}", reason)
    awards = PointsEntry.objects.filter(kind=EntryKind.AWARD, replaces__isnull=True, source_key__startswith=PREFIX)
    for key in awards.order_by("posting").values_list("source_key", flat=True).iterator():
        if key not in known:
            yield Disagreement(key, "the ledger holds an award for an attribution that does not exist")
    for claim in ScoredConduct.objects.select_related("attribution__case").iterator():
        if claim.scope != claim.attribution.case.conduct_scope:
            yield Disagreement(str(claim.attribution_id), f"the claim on {claim.conduct} is outside its case's group")


def _faults(attribution: Attribution) -> Iterator[str]:
    entry = attribution.entry
    if entry is None:
        if attribution.state == State.EFFECTIVE:
            yield "is in effect without an entry in the ledger"
        if PointsEntry.objects.filter(source_key=attribution.source_key).exists():
            yield f"is {attribution.state}, but the ledger holds its award"
        return
    if entry.source_key != attribution.source_key:
        yield f"its entry has the cause {entry.source_key}"
    if entry.kind != EntryKind.AWARD:
        yield f"its entry is a {entry.kind}, not an award"
    if entry.practitioner_id != attribution.practitioner_id:
        yield "its entry belongs to another person"
    if entry.effective_on != attribution.served_on:
        yield f"took effect on {entry.effective_on}, but was served on {attribution.served_on}"
    if entry.case_reference != attribution.case.number:
        yield f"its entry refers to the case {entry.case_reference}"
    stands = not PointsEntry.objects.filter(reverses=standing_entry(entry)).exists()
    if attribution.state == State.EFFECTIVE and not stands:
        yield "is in effect, but its award was reversed"
    if attribution.state == State.SET_ASIDE and stands:
        yield "was set aside, but its award still stands"
