"""The page on which the second officer decides: what lies before them, the possible moves, the service behind each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.admin.long_texts import long_text
from cases.concern_texts import describe
from cases.models import Attribution, AttributionLine, Decision
from cases.policy.suggestion import Assessment, Severity
from cases.selectors.assessments import assess_attribution, stored_lines
from cases.selectors.concerns import comparisons_of, concerns_before
from cases.selectors.differences import steps_of
from cases.selectors.expert_assessments import assessments_of
from cases.selectors.previews import Preview, preview
from cases.services import attributions, decision_drafts, holds, readiness
from cases.states import Action, State
from institutions.clock import local_date
from institutions.errors import JifenError
from institutions.letters import rendering
from institutions.models import User
from institutions.permissions import Permission, has_permission
from institutions.selectors.practitioners import primary_code

TEXT_MAX = 4000
_text = partial(long_text, length_max=TEXT_MAX)


class DecideForm(forms.Form):
    """The reasons of a decision for points, with what only some need."""

    reasons = _text(gettext_lazy("Reasons; they stand in the letter"))
    countersign_reason = _text(
        gettext_lazy("Countersignature: why points or term outside the range are right"), required=False
    )
    override_reason = _text(gettext_lazy("Why an act already scored in a linked case is scored again"), required=False)

    def __init__(self, data: QueryDict | None, *, assessment: Assessment, is_signed: bool) -> None:
        """Ask for a countersignature or an override only where one is needed."""
        super().__init__(data, prefix="decide")
        if is_signed or not assessment.of(Severity.COUNTERSIGN):
            del self.fields["countersign_reason"]
        if not assessment.of(Severity.OVERRIDE):
            del self.fields["override_reason"]


class RejectForm(forms.Form):
    """The reasons of a decision for no points."""

    reasons = _text(gettext_lazy("Reasons; they stand in the letter"))


class ReasonForm(forms.Form):
    """The reason of a return, or of a countersignature."""

    reason = _text(gettext_lazy("Reason"))


@dataclass(frozen=True)
class Move:
    """One move on the page: its form, and why it is not possible now, if it is not."""

    name: str
    label: str
    form: forms.Form
    refusal: JifenError | None
    hint: str = ""

    @property
    def is_possible(self) -> bool:
        """Say whether the officer may do it now."""
        return self.refusal is None


class Work:
    """One officer before one attribution: what is there, and the moves, one of which may have been sent."""

    def __init__(self, attribution: Attribution, officer: User, sent: QueryDict | None, now: datetime) -> None:
        """Read what lies before the officer; the form of the move that was sent is bound."""
        self.attribution, self.officer, self.now = attribution, officer, now
        self.sent = sent
        self.move = (sent.get("move", "") if sent is not None else "").removeprefix("letter-")
        self.assessed = assess_attribution(attribution, on=local_date(now))
        self.preview: Preview = preview(attribution, on=local_date(now), assessed=self.assessed)
        self.steps = steps_of(attribution)
        self.moves = {move.name: move for move in self._moves()}

    @property
    def current(self) -> Move | None:
        """Return the move that was sent, or None."""
        return self.moves.get(self.move)

    def act(self) -> str:
        """Do what was sent and return what to say about it; "" where the form has to be mended first."""
        move = self.current
        if move is None or not move.form.is_valid():
            return ""
        given, by = move.form.cleaned_data, self.officer
        if move.name == "return":
            attributions.return_for_changes(attribution=self.attribution, by=by, now=self.now, **given)
            return _("It is returned; whatever is proposed then opens a new statement window.")
        if move.name == "countersign":
            attributions.countersign(attribution=self.attribution, by=by, now=self.now, **given)
            return _("Your countersignature is on record.")
        if move.name in ("release", "send_back"):
            act = attributions.release if move.name == "release" else attributions.send_back
            act(attribution=self.attribution, reasons=given["reason"], by=by, now=self.now)
            return _("It is released, and its letter is made out.") if move.name == "release" else _("It is sent back.")
        outcome = Decision.DECIDED if move.name == "decide" else Decision.REJECTED
        decided = attributions.decide(attribution=self.attribution, outcome=outcome, by=by, now=self.now, **given)
        if decided.state == State.HELD:
            return _("The decision is on record and held: another officer has to release it before it goes out.")
        return _("The decision is on record, and its letter is made out. It takes effect with its service.")

    def letter(self, language: str) -> str:
        """Return the letter as it would stand, for the reasons in the form so far."""
        move = self.current
        reasons = self.sent.get(f"{self.move}-reasons", "") if self.sent is not None else ""
        outcome = Decision.REJECTED if move is not None and move.name == "reject" else Decision.DECIDED
        letter = decision_drafts.drafted_letter(
            attribution=self.attribution,
            outcome=outcome.value,
            reasons=reasons or _("(no reasons yet)"),
            language=language,
            by=self.officer,
            now=self.now,
        )
        return rendering.as_html(letter)

    def facts(self) -> dict[str, object]:
        """Return what the page shows."""
        it, region = self.attribution, self.attribution.case.region_id
        return {
            "attribution": it,
            "case": it.case,
            "code": primary_code(it.practitioner),
            "preview": self.preview,
            "measures": self.preview.measures,
            "rulebook": self.assessed.rulebook,
            "arithmetic": self._arithmetic,
            "remarks": [(item.severity.value, describe(item)) for item in self.assessed.assessment.concerns],
            "lines": self._lines,
            "steps": self.steps,
            "statements": it.statements.order_by("-window", "received_at"),
            "concerns": concerns_before(it, on=local_date(self.now)),
            "can_answer": has_permission(self.officer, Permission.ATTRIBUTION_DECIDE, region=region),
            "moves": list(self.moves.values()),
            "assessments": assessments_of(it),
            "assessments_page": reverse("admin:cases_attribution_assessments", args=[it.pk]),
            "holds": it.holds.select_related("decided_by", "outcome_by").order_by("-pk"),
            "today": local_date(self.now),
        }

    @property
    def _arithmetic(self) -> str:
        """Return how the points add up, each conduct by what was found; "" where nothing counts."""
        parts, _equals, total = self.assessed.assessment.arithmetic.rpartition(" = ")
        titles = {line.finding.conduct: line.finding.title for line, _compared in reversed(self._lines)}
        counted = [part.rpartition(" ") for part in parts.split(" + ")]
        if not all(points.isdigit() for _conduct, _space, points in counted):
            return ""
        return f"{' + '.join(f'{titles.get(conduct, conduct)} {points}' for conduct, _s, points in counted)} = {total}"

    @cached_property
    def _lines(self) -> list[tuple[AttributionLine, object]]:
        """Each line that stands with its evidence, beside what others gave."""
        compared = {row.line.pk: row for row in comparisons_of(self.attribution, on=local_date(self.now))}
        return [(line, compared.get(line.pk)) for line in stored_lines(self.attribution)]

    def _moves(self) -> list[Move]:
        it, by, now = self.attribution, self.officer, self.now
        signed = bool(self.steps and self.steps[0].signature)
        decide = DecideForm(self._data("decide"), assessment=self.assessed.assessment, is_signed=signed)
        checks: list[tuple[str, str, forms.Form, Callable[[], object], str]] = [
            (
                "decide",
                _("Decide: points"),
                decide,
                lambda: readiness.ensure_decidable(it, outcome=Decision.DECIDED, by=by, now=now),
                _("Nothing takes effect before the letter has reached the person."),
            ),
            (
                "reject",
                _("Reject: no points"),
                RejectForm(self._data("reject"), prefix="reject"),
                lambda: readiness.ensure_decidable(it, outcome=Decision.REJECTED, by=by, now=now),
                _("Final: this person is not held responsible in this case."),
            ),
            (
                "return",
                _("Return with reasons"),
                ReasonForm(self._data("return"), prefix="return"),
                lambda: readiness.ensure_returnable(it, by=by),
                _("Back to the proposer. The person is told anew, with a new window."),
            ),
            (
                "countersign",
                _("Countersign"),
                ReasonForm(self._data("countersign"), prefix="countersign"),
                lambda: readiness.ensure_signable(it, by=by, now=now),
                _("For points or a term outside the suggested range; an edit of the proposal voids it."),
            ),
        ]
        if it.state == State.HELD:
            checks = [
                (
                    "release",
                    _("Release"),
                    ReasonForm(self._data("release"), prefix="release"),
                    lambda: holds.ensure_releasable(it, Action.RELEASE, by=by),
                    _("The decision goes out: its letter is made out and can be served."),
                ),
                (
                    "send_back",
                    _("Send back undecided"),
                    ReasonForm(self._data("send_back"), prefix="send_back"),
                    lambda: holds.ensure_releasable(it, Action.SEND_BACK, by=by),
                    _("The decision counts as not taken. The person was told of nothing."),
                ),
            ]
        return [Move(name, label, form, readiness.refusal_of(check), hint) for name, label, form, check, hint in checks]

    def _data(self, name: str) -> QueryDict | None:
        return self.sent if self.move == name else None
