"""Two regions with the same rows in each, for the permission matrix: one of its own and a foreign one for every page.

`build(region, …)` makes one of everything that a page can show, in one region. A model that gets a page in the admin
gets a row here, in the function of its topic.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Model

from cases.models import Activity, CaseUpload, FileDeletion, SubmittedFile
from cases.services import attributions, data_requests, leads, redactions, rulebook_previews, statements
from cases.services import evidence as evidence_rows
from cases.services.sealing import Informant
from cases.states import State
from institutions.clock import local_date
from institutions.models import (
    AccessDoor,
    Delegation,
    Institution,
    JobRun,
    PilotRegion,
    Practitioner,
    PractitionerMerge,
    RecordAccess,
    RosterImport,
    RosterUpload,
    ServiceDesk,
    WorkClaim,
)
from institutions.services import audit
from scoring.models import Consequence, InstitutionProposal, Measure, OwnStatement, Scorecard
from scoring.services import rulebook_drafts, scorecards
from tests.cases.views.opening import letter_of
from tests.config.matrix_ended import add_ended
from tests.factories.appeal import PDF, Hearing, sent
from tests.factories.attribution import AttributionFactory, Officers, Procedure, procedure
from tests.factories.award import line, post_award
from tests.factories.case_file import CaseFileFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.notice import DeliveryFactory, NoticeFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.region import RegionFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.repair import CLAUSE, barred, registering, repairing
from tests.factories.typical_case import DraftedCaseFactory
from tests.factories.user import hr_of, officer
from tests.scoring.drafts import LOWER

APPS = ("institutions", "scoring", "cases")


@dataclass
class Place:
    """What there is in one region: rows under names of their own, and the newest row of each model."""

    region: str
    hospital: Institution
    team: Officers
    now: datetime
    named: dict[str, Any] = field(default_factory=dict)
    newest: dict[str, Model] = field(default_factory=dict)

    def value(self, path: str) -> Any:
        """Return what stands in an address: "cases.Appeal" (its key), "cases.Appeal.receipt", "letter.number"."""
        parts = path.split(".")
        if parts[0] in self.named:
            found, rest = self.named[parts[0]], parts[1:]
        else:
            found, rest = self.newest[".".join(parts[:2])], parts[2:]
        if not rest:
            return found.pk if isinstance(found, Model) else found
        for name in rest:
            found = getattr(found, name)
        return found

    def worker(self) -> Practitioner:
        """Return a new person who works at the hospital."""
        person = PractitionerFactory.create()
        RegistrationFactory.create(practitioner=person, institution=self.hospital)
        return person

    def scored_worker(self) -> Practitioner:
        """Return a new person who works at the hospital and has points that may be earned back."""
        person = self.worker()
        post_award(
            person, 5, local_date(self.now) - timedelta(days=8), institution=self.hospital,
            source_key=f"attribution:{person.pk}", lines=[replace(line(5, clause=CLAUSE), articles=(38,))],
        )  # fmt: skip
        return person


def build(region: str, now: datetime) -> Place:
    """Make one of everything in a region."""
    before = {label: list(model._base_manager.values_list("pk", flat=True)) for label, model in _models().items()}
    hospital = InstitutionFactory.create(region=RegionFactory.create(code=region))
    team = Officers(officer("inspector", region=region), officer("approver", region=region))
    place = Place(region, hospital, team, now)
    place.named["hospital"] = hospital
    add_ended(place)  # first: the newest of each model is one that goes on
    _case_work(place)
    _more_case_work(place)
    _due_process(place)
    _people(place)
    _house(place)
    for label, model in _models().items():
        made = model._base_manager.exclude(pk__in=before[label]).order_by("-pk").first()
        shared = model._base_manager.order_by("-pk").first()
        if made is not None or shared is not None:
            place.newest[label] = made or shared  # type: ignore[assignment]  # one of them is there
    return place


def _models() -> dict[str, type[Model]]:
    known = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: model for model in known if not hasattr(model, "pgh_tracked_model")}


def _case_work(place: Place) -> None:
    """A case with attributions on their way and in effect, its evidence, a redacted copy, a typical case."""
    team, now = place.team, place.now
    case = CaseFileFactory.create(institution=place.hospital)
    place.named |= {"case": case, "other_case": CaseFileFactory.create(institution=place.hospital)}
    place.named["proposed"] = _procedure(place, State.PROPOSED, case).attribution
    told, asked = _procedure(place, State.INTENT_SERVED, case), officer("expert", region=place.region)
    place.named |= {"assessed": told.attribution, "expert": asked}
    place.named["assessment"] = attributions.open_assessment(
        attribution=told.attribution, question="该操作是否符合诊疗规范？", expert=asked, by=team.approver, now=told.now
    )
    walk = _procedure(place, State.EFFECTIVE, case)
    place.named |= {"effective": walk.attribution, "walk": walk, "scored": walk.attribution.practitioner}
    place.named |= {"entry": walk.entry, "finding": walk.attribution.lines.get().finding}
    place.named["measure"] = Measure.objects.filter(entry=walk.entry).first()
    scorecards.publish_dirty(now=walk.now)
    place.named["card"] = Scorecard.objects.get(practitioner=walk.attribution.practitioner)
    place.named["consequence"] = Consequence.objects.filter(entry=walk.entry).first()
    place.named["piece"] = piece = walk.attribution.lines.get().evidence_links.get().evidence
    evidence_rows.open_evidence(evidence=piece, purpose="matrix", by=team.inspector, now=now)
    copy = redactions.add_redacted_copy(
        evidence=piece, file_name="copy.pdf", content=PDF, taken_out="患者姓名和住院号", by=team.inspector, now=now
    )
    redactions.open_by_officer(copy=copy, by=team.inspector, now=now)
    DraftedCaseFactory.create(case=case)
    FileDeletion.objects.create(
        subject_type="evidence", subject_id=f"{place.region}-1", file_name="old.pdf", stored_as="x", sha256="0" * 64,
        rule="retention", kept_until=date(2024, 1, 1), ended_with="decision", bytes_removed=True,
        region_code=place.region, deleted_at=now,
    )  # fmt: skip


def _procedure(place: Place, state: State, case: Any) -> Procedure:
    return procedure(state, now=place.now, case=case, team=place.team, practitioner=place.worker())


def _more_case_work(place: Place) -> None:
    """Attributions on their way in cases of their own, claims, a lead with a sealed tip, a proposal, draft rules."""
    team, now, named = place.team, place.now, place.named
    named["drafted"] = AttributionFactory.create(case=named["other_case"], practitioner=place.worker())
    told = _procedure(place, State.INTENT_SERVED, CaseFileFactory.create(institution=place.hospital))
    heard = _procedure(place, State.INTENT_SERVED, CaseFileFactory.create(institution=place.hospital))
    statements.record_statement(
        attribution=heard.attribution, text="本人当日不在岗。", received_at=now, by=team.inspector, now=now
    )
    named |= {"told": told.attribution, "heard": heard.attribution, "queue": "cases", "lead_queue": "leads"}
    named |= {
        "repair_queue": "repairs",
        "run_queue": "runs",
        "free_case": CaseFileFactory.create(institution=place.hospital),
    }
    claims = [
        WorkClaim.objects.create(
            queue="cases", subject_id=str(case.pk), reference=case.number, region_code=place.region,
            holder=officer("inspector", region=place.region), claimed_at=now, lapses_at=now + timedelta(days=60), **end,
        )
        for case, end in (
            (named["other_case"], {}),
            (named["free_case"], {"end": "released", "ended_at": now, "ended_by": team.inspector}),
        )
    ]  # fmt: skip
    named |= {"claim": claims[0], "ended_claim": claims[1]}
    tip = leads.TipText(place.hospital, "挂床住院。", Informant("王某", "13800000000"))
    leads.enter_tip(tip=tip, by=None, now=now)
    InstitutionProposal.objects.create(
        institution=place.hospital, year=2026, proposal="suspend_agreement", share="0.2000", staff=5, affected=1,
        practitioners=[named["scored"].pk], rulebook="national@1", raised_on=local_date(now), raised_at=now,
    )  # fmt: skip
    text = LOWER.replace("inner-mongolia", f"matrix-{place.region}").replace('"15"', f'"{place.region}"')
    rulebook_drafts.upload_draft(data=text.encode(), by=officer("approver", region=place.region), now=now)
    rulebook_previews.process_due(now=now)


def _due_process(place: Place) -> None:
    """An appeal with a file, a request for correction, a repair, a new registration, a person's own statement."""
    walk: Procedure = place.named["walk"]
    Hearing(walk, officer("appeal_officer", region=place.region), walk.now).file(files=[sent()])
    letter = letter_of(walk.attribution)
    place.named |= {"letter": letter, "walk_now": walk.now, "now": walk.now, "today": local_date(walk.now)}
    place.named["appeal_file"] = SubmittedFile.objects.get(appeal__attribution=walk.attribution)
    data_requests.file_request(notice=letter, kind="dates", text="日期应为1月2日。", now=walk.now)
    OwnStatement.objects.create(
        practitioner=walk.attribution.practitioner, entry=walk.entry, notice=letter, text="本人已退回全部费用。",
        submitted_at=walk.now,
    )  # fmt: skip
    repairing("submitted", now=place.now, person=place.scored_worker(), activity=Activity.COURSE)
    back = barred(local_date(place.now) - timedelta(days=1))
    registered = registering("approved", now=place.now, person=back, institution=place.hospital)
    place.named["registered"] = registered.application
    again = barred(local_date(place.now) - timedelta(days=1))
    registering(now=place.now, person=again, institution=place.hospital)


def _people(place: Place) -> None:
    """Two records that may be of one person, an opening of a record, a letter to the hospital, its staff office."""
    kept, gone = place.worker(), place.worker()
    PractitionerMerge.objects.create(
        kept=kept, gone=gone, reason="同一执业证书,两次登记", proposed_by=place.team.inspector, proposed_at=place.now
    )
    place.named["person"] = kept
    RecordAccess.objects.create(
        practitioner=kept, door=AccessDoor.PERSON, on=local_date(place.now), at=place.now, role="inspector",
        region_prefix=place.region, by=place.team.inspector,
    )  # fmt: skip
    place.named["notice"] = NoticeFactory.create(institution=place.hospital)
    DeliveryFactory.create(notice=place.named["notice"])
    place.named["hr"] = hr_of(place.hospital)


def _house(place: Place) -> None:
    """What runs the house: rosters, runs, pilots, desks, acts."""
    now, by = place.now, place.team.inspector
    RosterImport.objects.create(file_name="名册.csv", sha256="0" * 64, size=1, by=by, started_at=now)
    RosterUpload.objects.create(file_name="名册.csv", size=1, by=by, uploaded_at=now, state="checked")
    CaseUpload.objects.create(file_name="案件.yaml", size=1, by=by, uploaded_at=now, kind="case_file", state="checked")
    JobRun.objects.create(name="matrix", for_date=local_date(now), outcome="done", started_at=now, duration_ms=1)
    PilotRegion.objects.create(region_prefix=place.region, starts_on=date(2030, 1, 1), reason="试运行")
    ServiceDesk.objects.create(
        region_prefix=place.region, starts_on=date(2025, 1, 1), authority="医保局", authority_en="Bureau",
        phone="12393", address="一号", address_en="No 1", hours="9–17", hours_en="9–17", support_line="12356",
        support_hours="全天", support_hours_en="always", added_at=now,
    )  # fmt: skip
    made = audit.record_event(action="matrix.made", subject=place.hospital, by=by, now=now, region=place.region)
    place.named |= {"event": made, "user": officer("publisher", region=place.region), "clause": CLAUSE}
    Delegation.objects.create(
        delegator=place.named["user"], deputy=officer("publisher", region=place.region), starts_on=local_date(now),
        ends_on=local_date(now) + timedelta(days=60), reason="产假", created_at=now, created_by=place.named["user"],
    )  # fmt: skip
    place.named["assignment"] = place.named["user"].role_assignments.get()
