"""Reading an uploaded rulebook: every fault with its line, the path of its key, the value there and the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from institutions.errors import Invalid
from institutions.json_types import Json
from scoring.policy.marked_yaml import Document, FileProblems, read_text
from scoring.policy.place import Complaint, items_by_name
from scoring.policy.rulebook import Rulebook, RulebookErrors, ensure_follows, parse_rulebook
from scoring.policy.rulebook_files import base_of

SIZE_MAX = 1024 * 1024
SHOWN_MAX = 120


class RulebookRefused(Invalid):
    """The text is no rulebook that could be activated; `errors` names line, path, value and reason of each fault."""

    code = "rulebook-refused"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at one place."""

    line: int
    path: str
    value: str
    reason: str

    def as_json(self) -> dict[str, Json]:
        """Return the fault as plain values."""
        return {"line": self.line, "path": self.path, "value": self.value, "message": self.reason}


def read_rulebook(data: bytes, active: Sequence[Rulebook]) -> tuple[str, Rulebook]:
    """Return the text and the rules of an uploaded pack; refuses (`RulebookRefused`) with every fault at its place.

    `active` are the activated versions: the pack may extend the national one among them, and has to follow those of
    its own id. Refused are texts that are not strict YAML, unknown and missing keys, gaps and overlaps of a ladder
    with the interval, defaults outside their range, numbers without source or assumption, a date or number that does
    not follow, and a jurisdiction that another rulebook has.
    """
    text = _text(data)
    document = _document(text)
    assert isinstance(document.value, Mapping)
    try:
        book = parse_rulebook(document.value, base_of(document.value, active))
    except RulebookErrors as refused:
        raise refusal([_fault(document, complaint) for complaint in refused.errors]) from refused
    complaints = _out_of_order(book, active)
    if complaints:
        raise refusal([_fault(document, complaint) for complaint in complaints])
    return text, book


def refusal(faults: Sequence[Fault]) -> RulebookRefused:
    """Build the refusal that names every fault."""
    return RulebookRefused(
        _("The rulebook was refused, for the reasons below."),
        rule="docs/rulebooks.md",
        errors=[fault.as_json() for fault in sorted(faults, key=lambda fault: fault.line)],
        next_step=_("Mend these places and upload it again."),
    )


def _text(data: bytes) -> str:
    if not data or len(data) > SIZE_MAX:
        reason = _("The file is empty, or larger than %(size)d MB.") % {"size": SIZE_MAX >> 20}
        raise refusal([Fault(1, "", "", reason)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal([Fault(1, "", "", _("The file is not UTF-8."))]) from error


def _document(text: str) -> Document:
    try:
        documents = read_text(text, "rulebook")
    except FileProblems as refused:
        faults = [Fault(problem.line, "", "", problem.reason) for problem in refused.problems]
        raise refusal(faults) from refused
    if len(documents) != 1 or not isinstance(documents[0].value, Mapping):
        raise refusal([Fault(1, "", "", _("The file has to hold exactly one rulebook."))])
    return documents[0]


def _out_of_order(book: Rulebook, active: Sequence[Rulebook]) -> list[Complaint]:
    complaints: list[Complaint] = []
    try:
        ensure_follows(book, active)
    except RulebookErrors as refused:
        complaints += refused.errors
    for other in active:
        if other.jurisdiction == book.jurisdiction and other.id != book.id:
            complaints.append(Complaint("jurisdiction", f"is already that of {other.label}"))
            break
    return complaints


def _fault(document: Document, complaint: Complaint) -> Fault:
    value = _value_at(document.value, complaint.path)
    return Fault(document.line_of(complaint.path), complaint.path, value, complaint.reason)


def _value_at(value: object, path: str) -> str:
    for step in path.split(".") if path else []:
        if isinstance(value, Mapping):
            value = next((inner for key, inner in value.items() if str(key) == step), None)
        elif isinstance(value, list):
            value = dict(items_by_name(value)).get(step)
        else:
            return ""
    if value is None or isinstance(value, Mapping):
        return ""
    shown = str(value)
    return shown if len(shown) <= SHOWN_MAX else shown[:SHOWN_MAX] + "…"
