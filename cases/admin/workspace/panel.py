"""The panel of one person, and the preview beside it, as the templates take them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse

from cases.admin.workspace.editor import Editor
from cases.admin.workspace.forms import LineForm
from cases.admin.workspace.page import SHAPES, Workspace
from cases.concern_texts import describe
from cases.models import Attribution, Countersignature
from cases.models.choices import FACTOR_LABELS
from cases.policy.factors import FactorStep
from cases.policy.suggestion import Severity, Suggestion, is_before_cutoff
from cases.selectors.case_previews import CasePreview, Meant, PersonPreview, preview_case
from cases.selectors.expert_assessments import assessments_of
from cases.services import legal_moves
from cases.states import Action, State
from institutions.errors import Text
from institutions.models import NoticeKind, User
from scoring.policy.account import Status
from scoring.policy.rulebook_parts import MeasureKind
from scoring.selectors.roster_watch import STATUS_LABELS

EDITABLE = (State.DRAFT, State.PROPOSED, State.INTENT_SERVED)
STATUS_UNDER = {MeasureKind.SUSPEND: Status.SUSPENDED, MeasureKind.TERMINATE: Status.TERMINATED}
MEASURE_SHAPES = {Status.NORMAL: "ok", Status.SUSPENDED: "hold", Status.TERMINATED: "stop"}


@dataclass(frozen=True)
class ShownStep:
    """What one circumstance did to a suggestion, in words."""

    label: Text
    step: FactorStep


@dataclass(frozen=True)
class Hint:
    """What the rulebook says about one line of the form."""

    index: int
    suggestion: Suggestion | None
    steps: tuple[ShownStep, ...]
    concerns: tuple[tuple[str, str], ...]  # severity and sentence
    is_before_cutoff: bool


@dataclass(frozen=True)
class ShownPerson:
    """One person of the preview, with the words and shapes for what follows."""

    person: PersonPreview
    status: Status
    label: Text
    shape: str
    kinds: tuple[tuple[Text, int], ...]
    concerns: tuple[tuple[str, str], ...]
    is_edited: bool


def preview_facts(found: Workspace, editor: Editor | None, on: str, by: User) -> dict[str, Any]:
    """Return the preview with the open form in the place of what is stored, and the hints for its lines."""
    preview, day = found.preview, _day(on) or found.preview.on
    meant = _with_editor(found, editor)
    if editor is not None or day != preview.on:
        preview = preview_case(found.case, meant, on=day)
    edited = editor.key if editor is not None and editor.is_sent else ""
    return {
        "case": found.case,
        "preview": preview,
        "preview_on": day,
        "shown": [_shown(person, edited) for person in preview.persons],
        "hints": _hints(editor, preview) if editor is not None else [],
    }


def panel_facts(found: Workspace, editor: Editor, by: User, now: datetime) -> dict[str, Any]:
    """Return what the panel of one person shows: the form or the lines as they stand, the acts, the papers."""
    row = editor.attribution
    facts: dict[str, Any] = {"editor": editor, "person": editor.person, "attribution": row}
    if row is None:
        return facts | {"moves": (), "is_editable": True, "blocked": (), "hints_by_line": _by_line(found, editor)}
    moves = legal_moves.moves_of(row, by=by, now=now)
    possible = {move.action: move for move in moves if move.is_possible}
    return facts | {
        "moves": possible,
        "can": {action.value: action in possible for action in Action},
        "blocked": [move for move in moves if not move.is_possible],
        "is_editable": Action.EDIT in possible,
        "was_told": row.state == State.INTENT_SERVED,
        "shape": SHAPES[State(row.state)],
        "proposals": _proposals(row),
        "services": list(row.services.order_by("recorded_at")),
        "statements": list(row.statements.prefetch_related("files").order_by("-received_at")),
        "assessments": list(assessments_of(row)),
        "letters": list(row.letters.select_related("notice").order_by("issued_at")),
        "decide_page": _decide_page(row),
        "hints_by_line": _by_line(found, editor),
    }


def _by_line(found: Workspace, editor: Editor) -> list[tuple[LineForm, Hint | None]]:
    preview = preview_case(found.case, _with_editor(found, editor), on=found.preview.on)
    hints = {hint.index: hint for hint in _hints(editor, preview)}
    return [(line, hints.get(index)) for index, line in enumerate(editor.lines)]


def _with_editor(found: Workspace, editor: Editor | None) -> list[Meant]:
    """What is stored for everybody, with what the open form says in its place."""
    meant = found.meant
    edited = editor.meant() if editor is not None else None
    if edited is None:
        return meant
    if any(item.key == edited.key for item in meant):
        return [edited if item.key == edited.key and item.state in EDITABLE else item for item in meant]
    return [*meant, edited]


def _hints(editor: Editor, preview: CasePreview) -> list[Hint]:
    person = next((one for one in preview.persons if one.meant.key == editor.key), None)
    places = [index for index, _line in editor.whole_lines()]
    hints = []
    for index, line in enumerate(editor.lines):
        suggestion = editor.suggestion(line)
        concerns = tuple(
            (concern.severity.value, describe(concern))
            for concern in (person.concerns if person is not None else ())
            if concern.line is not None and concern.line < len(places) and places[concern.line] == index
        )
        early = line.about is not None and is_before_cutoff(preview.rulebook, line.about.to_on)
        steps = tuple(ShownStep(FACTOR_LABELS[step.factor], step) for step in (suggestion.steps if suggestion else ()))
        hints.append(Hint(index, suggestion, steps, concerns, early))
    return hints


def _shown(person: PersonPreview, edited: str) -> ShownPerson:
    gravest = person.gravest
    status = STATUS_UNDER[gravest.kind] if gravest is not None else Status.NORMAL
    kinds: dict[str, int] = {}
    for notice in person.notices:
        kinds[notice.kind.value] = kinds.get(notice.kind.value, 0) + 1
    return ShownPerson(
        person=person,
        status=status,
        label=STATUS_LABELS[status],
        shape=MEASURE_SHAPES[status],
        kinds=tuple((NoticeKind(kind).label, count) for kind, count in kinds.items()),
        concerns=tuple(
            (concern.severity.value, describe(concern))
            for concern in person.concerns
            if concern.line is None or concern.severity is not Severity.WARNING
        ),
        is_edited=person.meant.key == edited,
    )


def _proposals(row: Attribution) -> list[Any]:
    signed = {
        signature.proposal_id: signature
        for signature in Countersignature.objects.filter(proposal__attribution=row).select_related("signed_by")
    }
    made = list(row.proposals.select_related("proposed_by").order_by("-number"))
    latest = made[0].pk if made else None
    return [(proposal, signed.get(proposal.pk), proposal.pk == latest) for proposal in made]


def _decide_page(row: Attribution) -> str:
    """The second officer's page, where it is there."""
    try:
        return reverse("admin:cases_attribution_decide", args=[row.pk])
    except NoReverseMatch:
        return ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
