"""Brings an appeal as far as a test needs, through the services themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.models import Appeal, ConflictDeclaration, ExpertOpinion
from cases.services import appeals
from cases.services.appeals import SentFile
from cases.states import State as DecisionState
from cases.states.appeal import State
from institutions.models import User
from tests.factories.attribution import Procedure, days_later, procedure
from tests.factories.user import officer

GROUNDS = "病历由他人代签,本人当日不在岗。"
REASONS = "经查,考勤记录证明申诉人当日在岗。"
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def sent(name: str = "attendance.pdf", content: bytes = PDF) -> SentFile:
    """Return a small file as a person hands it in."""
    return SentFile(name, content)


@dataclass
class Hearing:
    """One appeal on its way, the procedure that it is against, its officer and the present instant."""

    walk: Procedure
    officer: User
    now: datetime
    expert: User = field(default_factory=lambda: officer("expert"))
    made: Appeal | None = None

    @property
    def appeal(self) -> Any:
        """Return the appeal as it now stands in the database; a test knows which of its dates are there."""
        assert self.made is not None
        return Appeal.objects.select_related("attribution__case__basis").get(pk=self.made.pk)

    def file(self, **kwargs: Any) -> "Hearing":
        """The person appeals."""
        given: dict[str, Any] = {"grounds": GROUNDS, "by": None, **kwargs}
        self.made = appeals.file_appeal(attribution=self.walk.attribution, now=self.now, **given)
        return self

    def assign(self) -> "Hearing":
        """The appeal is given to its officer."""
        appeals.assign(appeal=self.appeal, to=self.officer, by=self.officer, now=self.now)
        return self

    def accept(self) -> "Hearing":
        """Its officer accepts it."""
        appeals.accept(appeal=self.appeal, by=self.officer, now=self.now)
        return self

    def ask(self, text: str = "当日考勤由谁记录?") -> "Hearing":
        """Its officer asks the person."""
        appeals.ask(appeal=self.appeal, text=text, by=self.officer, now=self.now)
        return self

    def declare(self, *, has_conflict: bool = False) -> ConflictDeclaration:
        """The expert declares their interests."""
        return appeals.declare_conflict(
            appeal=self.appeal,
            has_conflict=has_conflict,
            text="与当事人及机构无利害关系。",
            by=self.expert,
            now=self.now,
        )

    def opine(self) -> ExpertOpinion:
        """The expert gives an opinion."""
        return appeals.attach_opinion(appeal=self.appeal, text="检查报告系伪造。", by=self.expert, now=self.now)

    def decide(self, outcome: str = "upheld", **kwargs: Any) -> "Hearing":
        """Its officer decides."""
        given: dict[str, Any] = {"reasons": REASONS, "by": self.officer, **kwargs}
        appeals.decide(appeal=self.appeal, outcome=outcome, now=self.now, **given)
        return self

    def later(self, days: int) -> "Hearing":
        """Some days pass."""
        self.now = days_later(self.now, days)
        return self


def hearing(state: State | str = State.FILED, *, now: datetime, walk: Procedure | None = None, **draft: Any) -> Hearing:
    """Bring a new appeal against a decision in effect into a state; `line__…` and the like shape the decision."""
    against = walk or procedure(DecisionState.EFFECTIVE, now=now, **draft)
    heard = Hearing(against, officer("appeal_officer"), against.now)
    steps: dict[State, list[Callable[[], object]]] = {
        State.FILED: [heard.file],
        State.ACCEPTED: [heard.file, heard.assign, heard.accept],
        State.AWAITING_ANSWER: [heard.file, heard.assign, heard.accept, heard.ask],
        State.DECIDED: [heard.file, heard.assign, heard.accept, heard.decide],
        State.WITHDRAWN: [heard.file, lambda: _withdraw(heard)],
        State.ELEVATED: [heard.file, lambda: heard.later(60), lambda: _elevate(heard)],
        State.MOOT: [heard.file, lambda: _make_moot(heard)],
    }
    for step in steps[State(state)]:
        step()
    return heard


def _withdraw(heard: Hearing) -> None:
    appeals.withdraw(appeal=heard.appeal, reason="已与医院沟通,不再申诉。", by=None, now=heard.now)


def _elevate(heard: Hearing) -> None:
    appeals.elevate(appeal=heard.appeal, grounds="一直没有答复。", by=None, now=heard.now)


def _make_moot(heard: Hearing) -> None:
    appeals.close_as_moot(
        attribution=heard.walk.attribution, reason="处罚决定已被复议撤销。", by=heard.walk.team.approver, now=heard.now
    )
