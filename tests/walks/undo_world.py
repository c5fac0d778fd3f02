"""Lives one tale through the services, in a world of its own that is rolled back, and looks at what it left."""

import base64
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.test import Client

from cases.models import Attribution
from cases.services import appeals, attributions, undoing
from cases.states import State
from institutions import clock
from institutions.models import Institution, Notice, NoticeKind, Practitioner
from scoring.errors import EventRefused
from scoring.models import Measure, PointsTotal
from scoring.policy.account import Account, Status
from scoring.selectors.accounts import load_account
from scoring.selectors.manifests import Manifest, restoration_manifest
from scoring.services import account_events, endings, ledger, readers, scorecards
from scoring.services.ledger import AwardLine
from scoring.services.verification import verify_ledger
from tests.factories.attribution import AttributionFactory, AttributionLineFactory, Officers, Procedure, reach
from tests.factories.case_file import BasisFactory, CaseFileFactory, FindingFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.region import RegionFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import officer
from tests.walks.story import PLACES
from tests.walks.town import at
from tests.walks.undo_tale import Other, Tale, clause_of

ONE_DAY = timedelta(days=1)
YEAR = timedelta(days=365)
NAMESPACE = uuid.UUID("0a3a7d0e-6c1b-4a52-8f0e-3c5f6c0d9b21")
# What tells of the correction itself: apart from it two worlds are compared.
HISTORY = {NoticeKind.CORRECTION, NoticeKind.APPEAL, NoticeKind.APPEAL_OUTCOME}
REASON = "申诉成立,撤销记分。"


@dataclass(frozen=True)
class Seen:
    """What a world shows at the end of a day: to strangers, to the settlement, to each site's HR."""

    pages: dict[str, bytes]
    measures: list[tuple[object, ...]]
    days: dict[date, tuple[object, ...]]
    gravity: dict[date, int]
    totals: dict[int, int]
    inboxes: Counter[tuple[str, str]]
    faults: list[str]

    def until_the_night(self) -> "Seen":
        """The same without the ends of measures, of which the nightly job tells."""
        kept = {key: count for key, count in self.inboxes.items() if key[1] != NoticeKind.RESTORED}
        return replace(self, inboxes=Counter(kept))


@dataclass
class Town:
    """The sites and officers that every world begins with."""

    sites: dict[str, Institution] = field(default_factory=dict)

    def settle(self) -> "Town":
        """Make them once."""
        self.team = Officers(officer("inspector"), officer("approver"))
        self.judge = officer("appeal_officer")
        for place in PLACES:
            region = RegionFactory.create(code=place.region)
            for code in place.sites:
                self.sites[code] = InstitutionFactory.create(code=code, name=f"医院{code[-7:]}", region=region)
        return self


@dataclass
class World:
    """One way in which a tale goes: whether the decision takes effect, what is left of it at once, what falls later."""

    town: Town
    tale: Tale
    takes_effect: bool = True
    is_less_at_once: bool = False
    falls: str = ""  # "", whole, part
    not_applied_for: frozenset[int] = frozenset()  # repairs
    before: dict[date, int] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)
    next_night: date = date.min

    def live(self) -> tuple[Seen, Seen]:
        """Go through the days; return what is seen right after the fall and at the end."""
        self.person = self._settle()
        steps = sorted(self._steps(), key=lambda step: step[0])
        seen: list[Seen] = []
        for now, act in steps:
            self._nights_until(now)
            clock.move_to(now)
            act(now)
            if act == self._look:
                seen.append(self.see(now))
        after, end = seen
        return after, end

    def manifest(self) -> Manifest:
        """What the decision caused and how it was undone."""
        entry = Attribution.objects.get(practitioner=self.person).entry
        assert entry is not None
        return restoration_manifest(entry)

    def _steps(self) -> Iterator[tuple[datetime, Callable[[datetime], None]]]:
        tale = self.tale
        yield at(tale.opened_on, 9), self._open
        yield at(tale.served_on, 9), self._serve
        for other in tale.others:
            yield at(other.posted_on, 11, other.number), partial(self._award, other)
        for number, (day, points) in enumerate(tale.repairs):
            yield at(day, 13, number), partial(self._repair, number, points)
        for number, (day, site) in enumerate(tale.readings):
            yield at(day, 14, number), partial(self._read, site)
        if self.falls:
            yield at(tale.undone_on, 16), self._fall
        yield at(tale.undone_on, 17), self._look
        yield at(tale.ends_on, 17), self._look

    def _settle(self) -> Practitioner:
        key = uuid.uuid5(NAMESPACE, str(self.tale.number))
        slug = base64.b32encode(key.bytes)[:16].decode().lower()
        name = "周" + chr(0x4E00 + 7 * self.tale.number % 2000) + "兰"
        code = f"D{self.tale.place.region}{self.tale.number:06d}"
        person = PractitionerFactory.create(id=key, slug=slug, name=name, code=code)
        for site in self.tale.sites:
            RegistrationFactory.create(practitioner=person, institution=self.town.sites[site])
        return person

    # --- the decision

    def _open(self, now: datetime) -> None:
        tale, site = self.tale, self.town.sites[self.tale.sites[0]]
        self.basis_on = tale.opened_on - timedelta(days=10)
        basis = BasisFactory.create(
            institution=site, decided_on=self.basis_on, articles=[38], document=f"案{tale.number}"
        )
        case = CaseFileFactory.create(number=f"撤案{tale.number}", institution=site, basis=basis)
        attribution = AttributionFactory.create(case=case, practitioner=self.person, line=False)
        for number, line in enumerate(tale.lines):
            worth = line.left if self.is_less_at_once else line.points
            finding = FindingFactory.create(case=case, key=f"f{number}", conduct=line.conduct)
            if worth:
                AttributionLineFactory.create(
                    attribution=attribution, finding=finding, points=worth, clause=clause_of(line.points)
                )
        self.walk = reach(Procedure(attribution, self.town.team, now), State.INTENT_SERVED)

    def _serve(self, now: datetime) -> None:
        self.walk.now = now
        self.walk.decide().serve()
        if self.takes_effect:
            self.walk.make_effective()
        else:
            self._set_aside(now)

    def _set_aside(self, now: datetime) -> None:
        undoing.set_aside_attribution(attribution=self.walk.attribution, reason=REASON, by=self.town.judge, now=now)

    def _fall(self, now: datetime) -> None:
        account = load_account(self.person).account
        self.before = {day: gravity(account, day) for day in self._days()}
        by_line = self._by_line() if self.falls == "part" else None
        if self.tale.way == "appeal":
            self._appeal(by_line, now)
        elif by_line is not None:
            undoing.vary_attribution(
                attribution=self.walk.attribution,
                points_by_line=by_line,
                reason=REASON,
                by=self.town.judge,
                now=now,
            )
        elif self.tale.way == "annulment":
            attributions.annul_basis(
                case=self.walk.attribution.case,
                annulled_on=clock.local_date(now),
                reason=REASON,
                by=self.town.team.approver,
                now=now,
            )
        else:
            self._set_aside(now)

    def _appeal(self, by_line: dict[int, int] | None, now: datetime) -> None:
        attribution = Attribution.objects.get(pk=self.walk.attribution.pk)
        appeal = appeals.file_appeal(
            attribution=attribution, grounds="本人当日不在岗。", late_reason="住院治疗。", by=None, now=now
        )
        judge = self.town.judge
        appeals.assign(appeal=appeal, to=judge, by=judge, now=now)
        appeals.accept(appeal=appeal, by=judge, now=now)
        outcome = "overturned" if by_line is None else "varied"
        appeals.decide(appeal=appeal, outcome=outcome, reasons=REASON, points_by_line=by_line, by=judge, now=now)

    def _by_line(self) -> dict[int, int]:
        lines = {line.finding.key: line.pk for line in self.walk.attribution.lines.select_related("finding")}
        return {lines[f"f{n}"]: line.left for n, line in enumerate(self.tale.lines) if line.left != line.points}

    # --- everything else

    def _award(self, other: Other, now: datetime) -> None:
        ledger.record_award(
            practitioner=self.person,
            source_key=f"other:{self.tale.number}:{other.number}",
            case_reference=f"他案{self.tale.number}-{other.number}",
            institution=self.town.sites[other.site],
            effective_on=other.effective_on,
            scored_on=other.effective_on,
            lines=[AwardLine(f"o{other.number}", clause_of(other.points), "principal", other.points)],
            months=None,
            by=None,
            now=now,
        )

    def _repair(self, number: int, points: int, now: datetime) -> None:
        """Applied for where the other world granted it; one that is refused leaves nothing that could come back."""
        if number in self.not_applied_for:
            return
        self.refused.add(number)
        with refused_leaves_nothing():
            account_events.record_repair(
                practitioner=self.person,
                region=self.tale.place.region,
                points=points,
                on=clock.local_date(now),
                source_key=f"repair:{self.tale.number}:{number}",
                reason="参加医保政策培训。",
                by=None,
                now=now,
            )
            self.refused.discard(number)

    def _read(self, site: str, now: datetime) -> None:
        readers.note_reading(practitioner=self.person, reader=self.town.sites[site], now=now)

    def _nights_until(self, now: datetime) -> None:
        """The nightly job, on every night since the last step on which a measure had ended."""
        today = clock.local_date(now)
        running = Measure.objects.filter(practitioner=self.person, recorded__endswith__isnull=True, end__isnull=True)
        while due := [row.valid.upper for row in running.all() if max(row.valid.upper, self.next_night) <= today]:
            self.next_night = max(min(due), self.next_night)
            clock.move_to(at(self.next_night, 0, 30))
            endings.close_ended_measures(for_date=self.next_night, now=at(self.next_night, 0, 30))
        self.next_night = today + ONE_DAY

    def _look(self, now: datetime) -> None:
        """Publish, so that somebody may look."""
        scorecards.mark_all_dirty(now=now)
        scorecards.publish_dirty(now=now)

    # --- what is seen

    def _days(self) -> Iterator[date]:
        """Every day of the year before the fall and of the year after it."""
        day = self.tale.undone_on - YEAR
        while day <= self.tale.undone_on + YEAR:
            yield day
            day += ONE_DAY

    def see(self, now: datetime) -> Seen:
        """The pages as bytes, the measures known, every day's status and points, the inboxes, the ledger's proof."""
        account = load_account(self.person).account
        rows = Measure.objects.filter(practitioner=self.person, recorded__endswith__isnull=True)
        return Seen(
            pages=self._pages(),
            measures=sorted((m.kind, m.tier, m.year, m.starts_on, m.ends_on, m.months_imposed) for m in rows),
            days={day: answer(account, day) for day in self._days()},
            gravity={day: gravity(account, day) for day in self._days()},
            totals={
                year: points
                for year, points in PointsTotal.objects.filter(practitioner=self.person).values_list("year", "points")
                if points
            },
            inboxes=self._inboxes(account, clock.local_date(now)),
            faults=[f"{drift.check}: {drift.detail}" for drift in verify_ledger()],
        )

    def _pages(self) -> dict[str, bytes]:
        found = {}
        for language in ("zh-hans", "en"):
            client = Client()
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            found[language] = client.get(f"/s/{self.person.slug}").content
        found["json"] = Client().get(f"/api/v1/scorecards/{self.person.slug}").content
        return found

    def _inboxes(self, account: Account, today: date) -> Counter[tuple[str, str]]:
        """How many notices of each kind a site holds on the person, apart from corrections and what they correct.

        An end of a measure after which another began counts no more: nobody is told of it afterwards.
        """
        begun = [m.starts_on for m in account.measures if m.starts_on <= today]
        told = Notice.objects.filter(payload__practitioner_slug=self.person.slug)
        corrections = told.filter(kind=NoticeKind.CORRECTION).values_list("payload__corrects", flat=True)
        corrected = {number for numbers in corrections for number in numbers or ()}
        letters = set(told.filter(kind__in=HISTORY).values_list("number", flat=True))
        counts: Counter[tuple[str, str]] = Counter()
        for notice in told.filter(institution__isnull=False).exclude(kind__in=HISTORY).select_related("institution"):
            if any(str(notice.payload.get("ended_on", "9")) < day.isoformat() for day in begun):
                continue
            if notice.number not in corrected and notice.payload.get("letter") not in letters:
                assert notice.institution is not None
                counts[notice.institution.code, notice.kind] += 1
        return counts


def gravity(account: Account, day: date) -> int:
    """How grave a day is: a bar counts up to its last day."""
    status = account.status_on(day)
    if status.status is Status.TERMINATED:
        return 0 if status.may_reapply else 2
    return int(status.status is Status.SUSPENDED)


def answer(account: Account, day: date) -> tuple[object, ...]:
    """What a day says: the points, the status, since when and until when."""
    status = account.status_on(day)
    return account.points_on(day), str(status.status), status.since, status.until, status.may_reapply


@contextmanager
def rolled_back() -> Iterator[None]:
    """A world of its own: whatever happens in it is gone afterwards."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def refused_leaves_nothing() -> Iterator[None]:
    """What the rules refuse is refused, and that is all."""
    try:
        with transaction.atomic():
            yield
    except EventRefused:
        return
