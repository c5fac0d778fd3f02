"""What happens in the demonstration, day by day on the movable clock.

Each step looks at what is there and does only what is left, so that a second run changes nothing and
an interrupted one goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from cases.models import Attribution, CaseFile, ConcernKind, ContinuityChoice
from cases.selectors.concerns import concerns_of
from cases.services import attributions, concerns
from cases.services.case_import import import_case
from cases.states import State
from config.demo import desks, people
from institutions import clock
from institutions.models import User
from institutions.services.roster import import_roster

ROSTER = Path(__file__).resolve().parents[2] / "institutions" / "demo_data" / "roster.csv"
CASES = Path(__file__).resolve().parents[2] / "cases" / "demo_data"

ROSTER_DAY = date(2025, 4, 1)
# The day after the decisions of the Chifeng case were served: its measures apply from then on.
LAST_DAY = date(2025, 7, 22)


@dataclass(frozen=True)
class Chapter:
    """One case and its days: told of the intent, decided after the window, served. Shanghai dates."""

    file: str
    number: str
    intent_on: date
    decided_on: date
    served_on: date


# The window is five working days. Before Labour Day 2025 it runs over the working Sunday of 27 April and
# ends on 6 May; the decision of the Dong'an case was made public on 9 May.
CHAPTERS = (
    Chapter("dongan.yaml", "东医保案〔2025〕001", date(2025, 4, 25), date(2025, 5, 7), date(2025, 5, 9)),
    Chapter("ulanqab.yaml", "乌医保案〔2025〕001", date(2025, 7, 10), date(2025, 7, 18), date(2025, 7, 21)),
    Chapter("chifeng.yaml", "巴医保案〔2025〕001", date(2025, 7, 10), date(2025, 7, 18), date(2025, 7, 21)),
)

Tell = Callable[[str], None]
WaitForWorker = Callable[[Callable[[], bool]], None]


def load_roster(tell: Tell) -> None:
    """Import the roster and give hospitals and officers their log-ins."""
    now = _move_to(ROSTER_DAY)
    inspector = people.officer("demo-inspector", now=now)
    report = import_roster(source=ROSTER, by=inspector, now=now)
    for username in people.OFFICERS:
        people.officer(username, now=now)
    people.hospital_staff(now=now)
    desks.name_desks(now=now)
    tell(f"{ROSTER_DAY}  roster: {report.created} registrations new, {report.unchanged} unchanged")


def run_case(chapter: Chapter, tell: Tell, wait: WaitForWorker) -> None:
    """Take one case from its file to points on the ledger; the worker does the last step."""
    if is_done(chapter):
        tell(f"{chapter.served_on}  {chapter.number}: already effective")
        return
    inspector, approver = (User.objects.get(username=f"demo-{role}") for role in ("inspector", "approver"))
    now = _move_to(chapter.intent_on)
    imported = import_case(data=(CASES / chapter.file).read_bytes(), base_dir=CASES, by=inspector, now=now)
    tell(f"{chapter.intent_on}  {chapter.number}: {imported.attributions} attributions proposed, intent served")
    for attribution in _in_state(chapter, State.DRAFT):
        attributions.propose(attribution=attribution, by=inspector, now=now)
    for attribution in _in_state(chapter, State.PROPOSED):
        attributions.serve_intent(
            attribution=attribution,
            served_on=chapter.intent_on,
            method="hr_handover",
            proof="拟记分告知书签收回执(演示)",
            by=inspector,
            now=now,
        )
    _decide(chapter, approver, tell)
    _serve(chapter, inspector, tell)
    wait(lambda: is_done(chapter))
    tell(f"{chapter.served_on}  {chapter.number}: the worker posted the points")


def is_done(chapter: Chapter) -> bool:
    """Whether every attribution of the case is effective."""
    states = set(Attribution.objects.filter(case__number=chapter.number).values_list("state", flat=True))
    return states == {State.EFFECTIVE.value}


def last_day() -> datetime:
    """Leave the clock on the first day on which the measures of the Chifeng case apply."""
    return _move_to(LAST_DAY)


def _decide(chapter: Chapter, approver: User, tell: Tell) -> None:
    now = _move_to(chapter.decided_on)
    _answer_questions(chapter, approver, now)
    for attribution in _in_state(chapter, State.INTENT_SERVED):
        attributions.decide(
            attribution=attribution,
            outcome="decided",
            reasons="陈述申辩期内未提出意见,事实清楚,证据充分,同意拟定的责任认定。",
            countersign_reason=attribution.countersign_reason,
            by=approver,
            now=now,
        )
    tell(f"{chapter.decided_on}  {chapter.number}: decided by a second officer after the statement window")


def _answer_questions(chapter: Chapter, approver: User, now: datetime) -> None:
    """Answer what was noticed about the case; the register of the demonstration holds the few persons of its cases."""
    case = CaseFile.objects.get(number=chapter.number)
    for item in concerns_of(case, on=chapter.decided_on, by=approver):
        if item.waits:
            concerns.answer(
                case=case,
                key=item.key,
                digest=item.digest,
                text="已核实:演示登记册只含本案人员,当地另有同专业医师可以接诊。",
                choice=ContinuityChoice.COVER if item.kind is ConcernKind.CONTINUITY else "",
                by=approver,
                now=now,
            )


def _serve(chapter: Chapter, inspector: User, tell: Tell) -> None:
    now = _move_to(chapter.served_on)
    for attribution in _in_state(chapter, State.DECIDED):
        attributions.serve_decision(
            attribution=attribution,
            served_on=chapter.served_on,
            method="hr_handover",
            proof="记分决定书签收回执(演示)",
            by=inspector,
            now=now,
        )
    tell(f"{chapter.served_on}  {chapter.number}: decisions served; the worker makes them effective")


def _in_state(chapter: Chapter, state: State) -> list[Attribution]:
    rows = Attribution.objects.filter(case__number=chapter.number, state=state.value)
    return list(rows.select_related("case", "practitioner").order_by("practitioner__codes__code"))


def _move_to(day: date) -> datetime:
    """09:30 in Shanghai on that day."""
    clock.move_to(datetime.combine(day, time(9, 30), tzinfo=clock.SHANGHAI))
    return clock.now()
