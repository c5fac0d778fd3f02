"""Matters that are over, for the permission matrix: whoever moves them again is told that it is too late (409)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from cases.models import Activity, CaseUpload
from cases.services import annulments, appeals, attributions, expert_assessments, statements
from cases.states import State
from institutions.clock import local_date
from institutions.models import Delegation, PractitionerMerge, RosterImport, RosterUpload
from institutions.services import delegations
from scoring.models import InstitutionProposal
from scoring.services import merging, rulebook_drafts
from tests.factories.appeal import Hearing
from tests.factories.attribution import procedure
from tests.factories.case_file import CaseFileFactory
from tests.factories.repair import repairing
from tests.factories.user import officer
from tests.scoring.drafts import LOWER

if TYPE_CHECKING:
    from tests.config.matrix_world import Place

OVER = "本事项已经办结，不再处理。"


def add_ended(place: "Place") -> None:
    """Add to a place one matter of each kind that is over, under names of its own ("ended_appeal")."""
    _ended_files(place)
    _ended_rows(place)
    _ended_decisions(place)


def _ended_files(place: "Place") -> None:
    """Uploads that failed, an import that was never written, a draft of rules that was withdrawn."""
    by, now = place.team.inspector, place.now
    failed = {"size": 1, "by": by, "uploaded_at": now, "state": "failed", "finished_at": now}
    place.named |= {
        "ended_roster": RosterUpload.objects.create(file_name="旧名册.csv", **failed),
        "ended_cases": CaseUpload.objects.create(file_name="旧案件.yaml", kind="case_file", **failed),
        "ended_import": RosterImport.objects.create(
            file_name="旧名册.csv", sha256="1" * 64, size=1, by=by, started_at=now, state="cancelled", finished_at=now
        ),
    }
    text = LOWER.replace("inner-mongolia", f"ended-{place.region}").replace('"15"', f'"{place.region}"')
    author = officer("approver", region=place.region)
    draft = rulebook_drafts.upload_draft(data=text.encode(), by=author, now=now)
    place.named["ended_draft"] = rulebook_drafts.withdraw_draft(draft=draft, reason=OVER, by=author, now=now)


def _ended_rows(place: "Place") -> None:
    """A merge that was refused, a delegation that was withdrawn, a proposal that was handled, a refused repair."""
    team, now, today = place.team, place.now, local_date(place.now)
    merge = PractitionerMerge.objects.create(
        kept=place.worker(), gone=place.worker(), reason=OVER, proposed_by=team.inspector, proposed_at=now
    )
    place.named["ended_merge"] = merging.refuse_merge(merge=merge, reason=OVER, by=team.approver, now=now)
    away = officer("publisher", region=place.region)
    delegation = Delegation.objects.create(
        delegator=away, deputy=officer("publisher", region=place.region), starts_on=today,
        ends_on=today + timedelta(days=60), reason="产假", created_at=now, created_by=away,
    )  # fmt: skip
    delegations.withdraw(delegation=delegation, reason=OVER, by=away, now=now)
    place.named["ended_delegation"] = delegation
    place.named["ended_proposal"] = InstitutionProposal.objects.create(
        institution=place.hospital, year=2025, proposal="suspend_agreement", share="0.2000", staff=5, affected=1,
        practitioners=[], rulebook="national@1", raised_on=today, raised_at=now, handled_note=OVER, handled_by=away,
        handled_at=now,
    )  # fmt: skip
    repair = repairing("refused", now=now, activity=Activity.COURSE, person=place.scored_worker())
    place.named["ended_repair"] = repair.application


def _ended_decisions(place: "Place") -> None:
    """A case without its basis, a question to an expert taken back, a statement answered, an appeal withdrawn."""
    team, now = place.team, place.now
    case = CaseFileFactory.create(institution=place.hospital)
    annulments.annul_basis(case=case, annulled_on=local_date(now), reason=OVER, by=team.approver, now=now)
    told = procedure(
        State.INTENT_SERVED, now=now, case=CaseFileFactory.create(institution=place.hospital), team=team,
        practitioner=place.worker(),
    )  # fmt: skip
    said = statements.record_statement(
        attribution=told.attribution, text="本人不在岗。", received_at=now, by=team.inspector, now=now
    )
    statements.answer_statement(statement=said, answer="经核查成立。", by=team.approver, now=told.now)
    asked = attributions.open_assessment(
        attribution=told.attribution, question="该操作是否符合诊疗规范？", by=team.approver, now=told.now,
        expert=officer("expert", region=place.region),
    )  # fmt: skip
    expert_assessments.withdraw(assessment=asked, reason=OVER, by=team.approver, now=told.now)
    place.named |= {"ended_case": case, "ended_question": asked, "answered": told.attribution, "ended_statement": said}
    walk = procedure(
        State.EFFECTIVE, now=now, case=CaseFileFactory.create(institution=place.hospital), team=team,
        practitioner=place.worker(),
    )  # fmt: skip
    heard = Hearing(walk, officer("appeal_officer", region=place.region), walk.now).file()
    appeals.withdraw(appeal=heard.appeal, reason=OVER, by=None, now=walk.now)
    place.named["ended_appeal"] = heard.appeal
