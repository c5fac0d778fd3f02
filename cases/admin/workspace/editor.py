"""One person's part of a case on its way between the page and the services: shown, sent, refused, saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _

from cases.admin.workspace.forms import (
    LineForm,
    Offer,
    PersonForm,
    ProvisionalForm,
    bound_lines,
    line_initial,
    unbound_lines,
)
from cases.models import Attribution, AttributionLine, CaseFile, Degree
from cases.policy.suggestion import ProposedLine, Suggestion, suggest
from cases.selectors.case_previews import Meant
from cases.selectors.factors import factor_rules
from cases.selectors.versions import version_of
from cases.services import attributions
from cases.states import State
from institutions.errors import JifenError
from institutions.models import Practitioner, User

NEW = "new"
PROVISIONAL = "provisional"


@dataclass(frozen=True)
class Fault:
    """One error: where on the page it stands, and what is wrong."""

    anchor: str
    label: str
    message: str


@dataclass
class Editor:
    """The form of one person's part. `attribution` is None for somebody who is not in the case yet."""

    case: CaseFile
    offer: Offer
    form: PersonForm
    lines: list[LineForm]
    attribution: Attribution | None = None
    person: Practitioner | None = None
    provisional: ProvisionalForm | None = None
    refusals: list[Fault] = field(default_factory=list)
    on_record: list[AttributionLine] | None = None  # what is stored now, where somebody else has changed it
    is_sent: bool = False

    @property
    def key(self) -> str:
        """Return what tells this part from the others of the case."""
        return str(self.attribution.pk) if self.attribution is not None else NEW

    @property
    def seen(self) -> str:
        """Return the version that lies before the officer: after a conflict the one that is shown beside the form."""
        if self.on_record is not None and self.attribution is not None:
            return version_of(self.attribution)
        return str(self.form["seen"].value() or "")

    @property
    def faults(self) -> list[Fault]:
        """Return every error of the form, each with the field it stands beside; the refusals of the service first."""
        if not self.is_sent:
            return []
        found = list(self.refusals)
        parts = [*([self.provisional] if self.provisional else []), self.form, *self.lines]
        for one in parts:
            for name, errors in one.errors.items():
                bound = one[name]
                where = f"{one.about.key} · " if isinstance(one, LineForm) and one.about is not None else ""
                found += [Fault(bound.id_for_label, f"{where}{bound.label}", str(error)) for error in errors]
        return found

    def is_valid(self) -> bool:
        """Say whether what was sent can be handed to the services."""
        if not self.lines:
            self.refusals.append(Fault("person", _("Lines"), _("at least one line is required")))
        valid = [one.is_valid() for one in (self.form, *self.lines)]
        if self.provisional is not None:
            valid.append(self.provisional.is_valid())
        return all(valid) and bool(self.lines)

    def refuse(self, refusal: JifenError) -> None:
        """Put what a service refused beside the field it names, or above the form."""
        named = [error for error in refusal.errors if str(error.get("place", ""))]
        for error in named:
            place, message = str(error["place"]), str(error.get("message", ""))
            self.refusals.append(Fault(_anchor(place), _place(place, self.lines), message))
        if not named:
            self.refusals.append(Fault("person", "", str(refusal)))

    def save(self, *, propose: bool, by: User, now: datetime) -> Attribution:
        """Save through the services, and propose in the same transaction if asked to; return the attribution."""
        sent = self.form.cleaned_data
        given = {
            "lines": [line.as_input() for line in self.lines],
            "months": sent["months"],
            "countersign_reason": sent["countersign_reason"],
            "by": by,
            "now": now,
        }
        with transaction.atomic():
            if self.attribution is not None:
                saved = attributions.edit_lines(attribution=self.attribution, seen=sent["seen"], **given)
            elif self.provisional is not None:
                saved = attributions.create_draft_provisionally(
                    case=self.case, **self.provisional.cleaned_data, **given
                )
            else:
                assert self.person is not None  # the door found the person or answered 404
                saved = attributions.create_draft(case=self.case, practitioner=self.person, **given)
            if propose and saved.state == State.DRAFT:
                saved = attributions.propose(attribution=saved, by=by, now=now)
        return saved

    def meant(self) -> Meant | None:
        """Return what the form says so far, lines that are not whole left out; None where there is nobody yet."""
        person = self.person
        if self.provisional is not None:
            sent = self.provisional.data
            person = Practitioner(name=sent.get("name", ""), category=sent.get("category", ""), is_provisional=True)
        if person is None:
            return None
        row = self.attribution
        return Meant(
            key=self.key,
            practitioner=person,
            state=State(row.state) if row is not None else State.DRAFT,
            lines=tuple(line for _index, line in self.whole_lines()),
            months=_read(self.form, "months"),
            ref=row.source_key if row is not None else "",
            attribution_id=row.pk if row is not None else None,
        )

    def whole_lines(self) -> list[tuple[int, ProposedLine]]:
        """Return the lines that say enough to be scored, each with its place in the form."""
        found = []
        for index, line in enumerate(self.lines):
            suggested = self.suggestion(line)
            if line.about is None or suggested is None:
                continue
            points = _read(line, "points") or suggested.points
            factors = frozenset(_read(line, "factors") or ())
            about = line.about
            plain = ProposedLine(
                about.conduct,
                _read(line, "clause"),
                _read(line, "degree"),
                points,
                about.from_on,
                about.to_on,
                factors,
            )
            found.append((index, plain))
        return found

    def suggestion(self, line: LineForm) -> Suggestion | None:
        """Return what the rulebook suggests for a line as it stands in the form; None before clause and degree."""
        clause, degree, rulebook = _read(line, "clause"), _read(line, "degree"), self.offer.rulebook
        known = rulebook.clauses.get(str(clause))
        if known is None or degree not in Degree.values or degree not in {str(key) for key in known.degrees}:
            return None
        return suggest(rulebook, known.code, degree, _read(line, "factors") or (), factor_rules())


def _read(line: forms.Form, name: str) -> Any:  # noqa: ANN401 - whatever the field holds
    """The value of a field as sent and valid, or as it is shown; None where it cannot be read."""
    if line.is_bound:
        line.is_valid()
        return line.cleaned_data.get(name)
    try:
        return line.fields[name].to_python(line.initial.get(name))
    except forms.ValidationError:
        return None


def _anchor(place: str) -> str:
    """`lines[2].evidence[0]` → the id of that field on the page."""
    head, _dot, rest = place.partition(".")
    if not head.startswith("lines["):
        return "person"
    return f"id_line-{head[6:-1]}-{rest.partition('[')[0]}" if rest else f"line-{head[6:-1]}"


def _place(place: str, lines: list[LineForm]) -> str:
    number = place.partition("[")[2].partition("]")[0]
    if number.isdigit() and int(number) < len(lines):
        about = lines[int(number)].about
        return about.key if about is not None else ""
    return ""


def open_editor(
    case: CaseFile, offer: Offer, *, attribution: Attribution | None = None, person: Practitioner | None = None
) -> Editor:
    """Return the form for somebody in the case, for a person to be added, or for one whom no roster names."""
    if attribution is not None:
        ordered = sorted(attribution.lines.all(), key=lambda line: (line.finding.key, line.clause))
        initial = {
            "months": attribution.months,
            "countersign_reason": attribution.countersign_reason,
            "seen": version_of(attribution),
        }
        lines = unbound_lines([line_initial(line) for line in ordered], offer)
        return Editor(case, offer, PersonForm(initial=initial), lines, attribution, attribution.practitioner)
    only = [{"finding": key, "degree": ""} for key in offer.findings] if len(offer.findings) == 1 else []
    provisional = ProvisionalForm() if person is None else None
    return Editor(case, offer, PersonForm(), unbound_lines(only, offer), None, person, provisional)


def sent_editor(
    data: Mapping[str, Any],
    case: CaseFile,
    offer: Offer,
    *,
    attribution: Attribution | None,
    person: Practitioner | None,
) -> Editor:
    """Return the form as it was sent, with everything that was typed in."""
    provisional = ProvisionalForm(data) if attribution is None and person is None else None
    lines = bound_lines(data, offer)
    whose = attribution.practitioner if attribution is not None else person
    return Editor(case, offer, PersonForm(data), lines, attribution, whose, provisional, is_sent=True)


def redrawn(editor: Editor, *, add: str, remove: str) -> Editor:
    """Return the sent form with a line more or less; nothing typed is lost, and nothing is complained about yet."""
    initials = [_typed(line) for line in editor.lines]
    if remove.isdigit() and int(remove) < len(initials):
        initials.pop(int(remove))
    if add in editor.offer.findings:
        initials.append({"finding": add})
    editor.lines = unbound_lines(initials, editor.offer)
    editor.form = PersonForm(initial={name: editor.form[name].value() for name in editor.form.fields})
    if editor.provisional is not None:
        typed = {name: editor.provisional[name].value() for name in editor.provisional.fields}
        editor.provisional = ProvisionalForm(initial=typed)
    editor.is_sent = False
    return editor


def _typed(line: LineForm) -> dict[str, object]:
    return {name: line[name].value() for name in line.fields}
