"""Puts the people of a story into the database and carries out what happens to them, through the services."""

import base64
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.core.management import call_command
from django.db import transaction

from cases.models import Attribution, CaseFile, LineEvidence
from cases.services import attributions
from cases.states import State
from config.jobs import run_jobs
from institutions import clock
from institutions.errors import JifenError
from institutions.models import Institution, Practitioner, User
from scoring.models import AccountEvent, PointsEntry
from scoring.services import account_events, ledger
from scoring.services.ledger import AwardLine
from tests.factories.attribution import AttributionFactory, AttributionLineFactory, Officers, Procedure
from tests.factories.case_file import BasisFactory, CaseFileFactory, FindingFactory
from tests.factories.evidence import EvidenceFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.region import RegionFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import UserFactory, assign
from tests.walks.story import CLAUSES, PLACES, Person, Posting

NAMESPACE = uuid.UUID("8f6f7a52-5f3e-4a1f-9d0e-2f1c1d5f9a10")
SITES = [code for place in PLACES for code in place.sites]
MAKE_EFFECTIVE = "cases.make_due_attributions_effective"


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of a Shanghai day."""
    return datetime.combine(day, time(hour, minute), tzinfo=clock.SHANGHAI).astimezone(UTC)


def clause_of(points: int) -> str:
    """A clause in whose band the points lie."""
    return next(clause for top, clause in CLAUSES.items() if points <= top)


@dataclass
class Town:
    """The rows of a story, and the clerk who posts what happens. Doing anything a second time changes nothing."""

    people: Sequence[Person]
    practitioners: dict[int, Practitioner] = field(default_factory=dict)
    institutions: dict[str, Institution] = field(default_factory=dict)

    def settle(self) -> "Town":
        """Make every institution, person and registration; the same rows for the same story."""
        for role in ("inspector", "approver"):
            assign(UserFactory.create(username=f"walk-{role}", is_staff=True), role)
        for place in PLACES:
            region = RegionFactory.create(code=place.region)
            for code in place.sites:
                institution = InstitutionFactory.create(code=code, name=f"医院{code[-7:]}", region=region)
                assign(UserFactory.create(username=f"walk-{code}"), "institution_hr", institution=institution)
        for person in self.people:
            key = _key(person)
            made = PractitionerFactory.create(id=key, slug=_slug(key), name=_name(person.number), code=person.code)
            for spell in person.spells:
                site = Institution.objects.get(code=spell.site)
                RegistrationFactory.create(
                    practitioner=made, institution=site, starts_on=spell.starts_on, ends_on=spell.ends_on
                )
        return self.find()

    def find(self) -> "Town":
        """Take up a town that was settled before, perhaps by a process that is no more."""
        self.institutions = {site.code: site for site in Institution.objects.filter(code__in=SITES)}
        for person in self.people:
            self.practitioners[person.number] = Practitioner.objects.get(pk=_key(person))
        return self

    # --- procedures

    def open_case(self, person: Person, posting: Posting) -> None:
        """The case file, the proposal, and the notice of intent served on the person."""
        assert posting.opened_on is not None
        if not CaseFile.objects.filter(number=posting.fact.ref).exists():
            self._draft(person, posting)
        walk = self._procedure(posting.fact.ref, at(posting.opened_on, 10))
        if walk.attribution.state == State.DRAFT:
            walk.propose()
        if walk.attribution.state == State.PROPOSED:
            walk.serve_intent()

    @transaction.atomic
    def _draft(self, person: Person, posting: Posting) -> None:
        fact, institution = posting.fact, self.institutions[posting.site]
        (line,) = fact.lines
        basis = BasisFactory.create(
            institution=institution, decided_on=fact.scored_on, articles=sorted(fact.articles), document=fact.ref
        )
        case = CaseFileFactory.create(number=fact.ref, institution=institution, basis=basis)
        attribution = AttributionFactory.create(case=case, practitioner=self.practitioners[person.number], line=False)
        finding = FindingFactory.create(case=case, key="f1")
        evidence = EvidenceFactory.create(case=case, key="e1", content=fact.ref.encode())
        written = AttributionLineFactory.create(
            attribution=attribution,
            finding=finding,
            points=line.points,
            clause=clause_of(line.points),
            evidence=False,
        )
        LineEvidence.objects.create(line=written, evidence=evidence)

    def decide_case(self, posting: Posting, *, hour: int = 10) -> None:
        """The second officer decides and the decision reaches the person, all on one day."""
        walk = self._procedure(posting.fact.ref, at(posting.fact.on, hour))
        if walk.attribution.state == State.INTENT_SERVED:
            walk.decide()
        if walk.attribution.state == State.DECIDED:
            walk.serve()

    def _procedure(self, ref: str, now: datetime) -> Procedure:
        team = Officers(*(User.objects.get(username=f"walk-{role}") for role in ("inspector", "approver")))
        return Procedure(Attribution.objects.get(case__number=ref), team, now)

    # --- postings

    def post(self, person: Person, posting: Posting, *, minute: int) -> None:
        """Carry out one posting of the day; what the rules refuse must be refused, and leave nothing."""
        now = at(posting.day, 11, minute)
        before = self._rows(person)
        try:
            self.carry_out(person, posting, now)
        except JifenError:
            assert posting.is_refused, f"refused: {posting}"
        if posting.is_refused:
            assert self._rows(person) == before, f"should have been refused: {posting}"

    def put_into_effect(self, posting: Posting) -> None:
        """Run the job that makes served decisions effective, at once and not in the night."""
        clock.move_to(at(posting.day, 10, 30))
        list(run_jobs(posting.day, [MAKE_EFFECTIVE]))

    def carry_out(self, person: Person, posting: Posting, now: datetime) -> None:
        """One posting through its service, whatever comes of it."""
        fact, practitioner = posting.fact, self.practitioners[person.number]
        if posting.by == "annul":
            self._annul(posting, now)
        elif fact.kind == "award":
            self._award(practitioner, posting, now)
        elif fact.kind == "reverse":
            ledger.reverse_award(entry=self.standing(fact.ref), reason="申诉成立,撤销记分。", by=None, now=now)
        elif fact.kind == "vary":
            entry = self.standing(fact.ref)
            ledger.vary_award(entry=entry, points=fact.points, reason="申诉部分成立。", by=None, now=now)
        elif fact.kind == "repair":
            account_events.record_repair(
                practitioner=practitioner,
                region=fact.region,
                points=fact.points,
                on=fact.on,
                source_key=posting.key,
                reason="参加医保政策培训。",
                by=None,
                now=now,
            )
        else:
            account_events.record_reregistration(
                practitioner=practitioner,
                region=fact.region,
                on=fact.on,
                commitment_on=fact.on,
                source_key=posting.key,
                by=None,
                now=now,
            )

    def _award(self, practitioner: Practitioner, posting: Posting, now: datetime) -> None:
        fact = posting.fact
        assert fact.scored_on is not None
        ledger.record_award(
            practitioner=practitioner,
            source_key=fact.ref,
            case_reference=f"试医保案 {fact.ref}",
            institution=self.institutions[posting.site],
            effective_on=fact.on,
            scored_on=fact.scored_on,
            lines=[
                AwardLine(
                    conduct=line.conduct,
                    clause=clause_of(line.points),
                    degree="principal",
                    points=line.points,
                    from_on=line.to_on - timedelta(days=9),
                    to_on=line.to_on,
                    finding_title="重复收费",
                    articles=tuple(fact.articles),
                )
                for line in fact.lines
            ],
            months=fact.months,
            by=None,
            now=now,
        )

    def _annul(self, posting: Posting, now: datetime) -> None:
        attributions.annul_basis(
            case=CaseFile.objects.get(number=posting.fact.ref),
            annulled_on=posting.day,
            reason="行政复议撤销处罚决定。",
            by=User.objects.get(username="walk-approver"),
            now=now,
        )

    def standing(self, ref: str) -> PointsEntry:
        """The entry that stands for an award now: the one that replaced it last."""
        attribution = Attribution.objects.filter(case__number=ref).first()
        entry = PointsEntry.objects.get(source_key=attribution.source_key if attribution else ref)
        while (later := PointsEntry.objects.filter(replaces=entry).first()) is not None:
            entry = later
        return entry

    def _rows(self, person: Person) -> tuple[int, int]:
        key = self.practitioners[person.number].pk
        entries = PointsEntry.objects.filter(practitioner_id=key).count()
        return entries, AccountEvent.objects.filter(practitioner_id=key).count()


def verify() -> None:
    """The ledger's own proof; fails naming the persons."""
    call_command("verify_ledger")


def _name(number: int) -> str:
    return "王李张刘陈杨赵黄周吴"[number % 10] + chr(0x4E00 + 7 * number % 2000) + "梅"


def _key(person: Person) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, person.code)


def _slug(key: uuid.UUID) -> str:
    """A public id made from the key, so that two runs of a story show the same."""
    return base64.b32encode(key.bytes)[:16].decode().lower()
