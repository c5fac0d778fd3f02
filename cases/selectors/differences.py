"""What was proposed, changed and signed, one proposal after the other, line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from cases.models import Attribution, Countersignature, Degree, Proposal
from cases.models.choices import FACTOR_LABELS
from institutions.errors import Text
from institutions.json_types import Json

Line = Mapping[str, Json]
_WORDS: Mapping[str, Text] = {factor.value: label for factor, label in FACTOR_LABELS.items()}
FIELDS = ("degree", "points", "amount", "reasoning", "evidence", "factors")


class ChangeKind(StrEnum):
    """What happened to a line between one proposal and the next."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing about a line, before and after, in words; equal where nothing changed."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Say whether it is another than before."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class LineChange:
    """One finding under one clause in a proposal, beside what the one before said of it."""

    kind: ChangeKind
    title: str
    clause: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One proposal: who made it, what changed with it, its signature, and the proposal that voided the signature."""

    proposal: Proposal
    previous: Proposal | None
    lines: tuple[LineChange, ...]
    signature: Countersignature | None
    voided_by: Proposal | None

    @property
    def term_changed(self) -> bool:
        """Say whether the chosen months of a suspension are others than before."""
        return self.previous is not None and self.previous.months != self.proposal.months


def steps_of(attribution: Attribution) -> list[Step]:
    """Return every proposal of an attribution, the latest first, each with what it changed. Two queries."""
    proposals = list(attribution.proposals.select_related("proposed_by").order_by("number"))
    signed = Countersignature.objects.filter(proposal__in=proposals).select_related("signed_by")
    signatures = {signature.proposal_id: signature for signature in signed}
    steps = []
    for position, proposal in enumerate(proposals):
        previous = proposals[position - 1] if position else None
        signature = signatures.get(proposal.pk)
        later = proposals[position + 1] if position + 1 < len(proposals) else None
        lines = changes(previous.lines if previous else [], proposal.lines)
        steps.append(Step(proposal, previous, tuple(lines), signature, later if signature else None))
    return steps[::-1]


def changes(before: Sequence[Line], after: Sequence[Line]) -> list[LineChange]:
    """Hold the lines of two proposals side by side; what was dropped stands last."""
    known = {_key(line): line for line in before}
    found = [_change(known.pop(_key(line), None), line) for line in after]
    return found + [_change(line, None) for line in known.values()]


def _change(old: Line | None, new: Line | None) -> LineChange:
    line = new if new is not None else old
    assert line is not None
    fields = tuple(
        FieldChange(_label(name), _said(name, old) if old else "", _said(name, new) if new else "")
        for name in FIELDS
        if name != "factors" or any(side and side.get("factors") for side in (old, new))
    )
    if old is None:
        kind = ChangeKind.ADDED
    elif new is None:
        kind = ChangeKind.REMOVED
    else:
        kind = ChangeKind.CHANGED if any(field.is_changed for field in fields) else ChangeKind.KEPT
    return LineChange(kind, str(line["title"]), str(line["clause"]), fields)


def _key(line: Line) -> tuple[str, str]:
    return str(line["finding"]), str(line["clause"])


def _label(name: str) -> str:
    return {
        "degree": _("Degree"),
        "points": _("Points"),
        "amount": _("Amount"),
        "reasoning": _("Reasoning"),
        "evidence": _("Evidence"),
        "factors": _("Circumstances"),
    }[name]


def _said(name: str, line: Line) -> str:
    value = line.get(name)
    if value in (None, "", []):
        return "–"
    if name == "degree":
        return str(Degree(str(value)).label)
    if isinstance(value, list):
        return ", ".join(str(_WORDS.get(str(item), str(item))) if name == "factors" else str(item) for item in value)
    return str(value)
