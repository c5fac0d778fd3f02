"""The queues of case work: what waits, until when, and how a row is shown and found."""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.models import (
    Appeal,
    Attribution,
    CaseFile,
    DecisionHold,
    ExpertAssessment,
    Lead,
    RepairApplication,
    ReregistrationApplication,
    Statement,
)
from cases.selectors import waiting
from cases.states import State
from institutions import permissions
from institutions.errors import Text
from institutions.models import User
from institutions.permissions import Permission
from institutions.selectors import deputies
from institutions.selectors.finding import person_fits, place_fits
from institutions.work_queue import Column, Due, Queue

FINDS_CASES = gettext_lazy("Case or document number, institution, or a person by name, pinyin, initials or code")
PERSON, INSTITUTION, REGION = gettext_lazy("person"), gettext_lazy("institution"), gettext_lazy("region")


def _within(path: str) -> Callable[[Collection[str]], Q]:
    return lambda prefixes: permissions.within(prefixes, path)


def _opens(page: str, key: Callable[[Any], object]) -> Callable[[Any], str]:
    return lambda row: reverse(f"admin:{page}", args=[key(row)])


def _by_proposer(attribution: Attribution, user: User) -> Text:
    if attribution.proposed_by_id == user.pk:
        return _("You proposed it; another officer decides.")
    return deputies.stands_in_for(user, [attribution.proposed_by_id or 0])


def _by_decider(hold: DecisionHold, user: User) -> Text:
    if hold.decided_by_id == user.pk:
        return _("You took this decision; another officer has to release it.")
    return deputies.stands_in_for(user, [hold.decided_by_id]) or _by_proposer(hold.attribution, user)


def _other_expert(assessment: ExpertAssessment, user: User) -> Text:
    return "" if assessment.expert_id == user.pk else _("Another expert was asked.")


def _fits_attribution(path: str) -> Callable[[str], Q]:
    def fits(term: str) -> Q:
        case = f"{path}case"
        return (
            Q(**{f"{case}__number__contains": term})
            | Q(**{f"{case}__basis__document__contains": term})
            | place_fits(f"{case}__institution", term)
            | person_fits(f"{path}practitioner", term)
        )

    return fits


def _fits_case(term: str) -> Q:
    named = Attribution.objects.filter(person_fits("practitioner", term), case=OuterRef("pk")).order_by()
    own = Q(number__contains=term) | Q(basis__document__contains=term)
    return own | place_fits("institution", term) | Q(Exists(named))  # asked of what waits, which is little


def _fits_application(term: str) -> Q:
    return Q(receipt=term.upper()) | place_fits("institution", term) | person_fits("practitioner", term)


def _fits_appeal(term: str) -> Q:
    return Q(receipt=term.upper()) | _fits_attribution("attribution__")(term)


def _attribution_columns(of: Callable[[Any], Attribution]) -> tuple[Column[Any], ...]:
    return (
        Column("person", PERSON, lambda row: of(row).practitioner.name),
        Column("institution", INSTITUTION, lambda row: of(row).case.institution.name),
        Column("region", REGION, lambda row: of(row).case.region.name),
        Column("source", pgettext_lazy("of a case", "source"), lambda row: of(row).case.get_source_display()),
    )


def _itself(attribution: Attribution) -> Attribution:
    return attribution


def _of_row(row: Statement | Appeal | DecisionHold | ExpertAssessment) -> Attribution:
    return row.attribution


def _letter(attribution: Attribution) -> str:
    is_decided = attribution.state == State.DECIDED.value
    return _("decision to be served") if is_decided else _("intent to be served")


CASES: Queue[CaseFile] = Queue(
    code="cases",
    title=gettext_lazy("Cases to attribute"),
    about=gettext_lazy("Nobody is held responsible yet, or somebody only in draft."),
    icon="folder_open",
    views=(Permission.CASE_VIEW,),
    acts=(Permission.ATTRIBUTION_PROPOSE,),
    rows=waiting.cases,
    within=_within("region"),
    region=lambda case: case.region_id,
    due=Due("opened_at", "cases"),
    columns=(
        Column("institution", INSTITUTION, lambda case: case.institution.name),
        Column("region", REGION, lambda case: case.region.name),
        Column("source", pgettext_lazy("of a case", "source"), lambda case: case.get_source_display()),
        Column("basis", gettext_lazy("basis"), lambda case: case.basis.document),
    ),
    opens=_opens("cases_casefile_change", lambda case: case.pk),
    reference=lambda case: case.number,
    fits=_fits_case,
    finds=FINDS_CASES,
    source_path="source",
    region_path="region",
)

DECISIONS: Queue[Attribution] = Queue(
    code="decisions",
    title=gettext_lazy("Decisions for a second officer"),
    about=gettext_lazy(
        "The person was told and heard, or the window is over: another officer than the proposer decides."
    ),
    icon="gavel",
    views=(Permission.CASE_VIEW,),
    acts=(Permission.ATTRIBUTION_DECIDE,),
    rows=waiting.decisions,
    within=_within("case__region"),
    region=lambda attribution: attribution.case.region_id,
    due=Due("decision_clock_from_on", "decisions", is_instant=False),
    columns=_attribution_columns(_itself),
    opens=_opens("cases_attribution_decide", lambda attribution: attribution.pk),
    reference=lambda attribution: attribution.case.number,
    fits=_fits_attribution(""),
    finds=FINDS_CASES,
    source_path="case__source",
    region_path="case__region",
    barred=_by_proposer,
)

HOLDS: Queue[DecisionHold] = Queue(
    code="holds",
    title=gettext_lazy("Held decisions to release"),
    about=gettext_lazy("A grave decision goes out only once an officer who took no part in it has released it."),
    icon="front_hand",
    views=(Permission.CASE_VIEW,),
    acts=(Permission.ATTRIBUTION_RELEASE,),
    rows=waiting.holds,
    within=_within("attribution__case__region"),
    region=lambda hold: hold.attribution.case.region_id,
    due=Due("due_on", is_instant=False),
    columns=(
        *_attribution_columns(_of_row)[:3],
        Column("decided_by", gettext_lazy("decided by"), lambda hold: hold.decided_by),
        Column("escalated", gettext_lazy("escalated"), lambda hold: _("yes") if hold.escalated_at else "–"),
    ),
    opens=_opens("cases_attribution_decide", lambda hold: hold.attribution_id),
    reference=lambda hold: hold.attribution.case.number,
    fits=_fits_attribution("attribution__"),
    finds=FINDS_CASES,
    source_path="attribution__case__source",
    region_path="attribution__case__region",
    barred=_by_decider,
)

ASSESSMENTS: Queue[ExpertAssessment] = Queue(
    code="assessments",
    title=gettext_lazy("Expert assessments"),
    about=gettext_lazy("An expert was asked before the decision. It waits for the opinion, and its time stands."),
    icon="psychology",
    views=(Permission.CASE_VIEW,),
    acts=(Permission.ASSESSMENT_OPINION,),
    rows=waiting.assessments,
    within=_within("attribution__case__region"),
    region=lambda assessment: assessment.attribution.case.region_id,
    due=Due("due_on", is_instant=False),
    columns=(
        *_attribution_columns(_of_row)[:3],
        Column("expert", gettext_lazy("expert"), lambda assessment: assessment.expert.get_full_name()),
        Column("question", gettext_lazy("question"), lambda assessment: Truncator(assessment.question).chars(60)),
    ),
    opens=_opens("cases_attribution_assessments", lambda assessment: assessment.attribution_id),
    reference=lambda assessment: assessment.attribution.case.number,
    fits=_fits_attribution("attribution__"),
    finds=FINDS_CASES,
    source_path="attribution__case__source",
    region_path="attribution__case__region",
    barred=_other_expert,
    assigned_to="expert",
)

STATEMENTS: Queue[Statement] = Queue(
    code="statements",
    title=gettext_lazy("Statements to answer"),
    about=gettext_lazy("What a person said before any point was given. Nothing is decided before it is answered."),
    icon="forum",
    views=(Permission.CASE_VIEW,),
    acts=(Permission.ATTRIBUTION_DECIDE,),
    rows=waiting.statements,
    within=_within("attribution__case__region"),
    region=lambda statement: statement.attribution.case.region_id,
    due=Due("received_at", "statements"),
    columns=(
        Column("case", gettext_lazy("case"), lambda statement: statement.attribution.case.number),
        *_attribution_columns(_of_row),
    ),
    opens=_opens("cases_attribution_change", lambda statement: statement.attribution_id),
    reference=lambda statement: statement.receipt,
    fits=_fits_attribution("attribution__"),
    finds=FINDS_CASES,
    source_path="attribution__case__source",
    region_path="attribution__case__region",
)

SERVICES: Queue[Attribution] = Queue(
    code="services",
    title=gettext_lazy("Services to prove"),
    about=gettext_lazy("A letter is to reach the person, and its service to be recorded with day and proof."),
    icon="outgoing_mail",
    views=(Permission.CASE_VIEW,),
    acts=(Permission.ATTRIBUTION_SERVE,),
    rows=waiting.services,
    within=_within("case__region"),
    region=lambda attribution: attribution.case.region_id,
    due=Due("since", "services"),
    columns=(Column("letter", gettext_lazy("letter"), _letter), *_attribution_columns(_itself)),
    opens=_opens("cases_attribution_change", lambda attribution: attribution.pk),
    reference=lambda attribution: attribution.case.number,
    fits=_fits_attribution(""),
    finds=FINDS_CASES,
    source_path="case__source",
    region_path="case__region",
)

APPEALS: Queue[Appeal] = Queue(
    code="appeals",
    title=gettext_lazy("Appeals"),
    about=gettext_lazy("Open appeals by the day on which they are due; a question to the person stops the clock."),
    icon="balance",
    views=(Permission.CASE_VIEW,),
    acts=(Permission.APPEAL_DECIDE, Permission.APPEAL_ASSIGN, Permission.APPEAL_OPINION),
    rows=waiting.appeals,
    within=_within("attribution__case__region"),
    region=lambda appeal: appeal.attribution.case.region_id,
    due=Due("decision_due_on", is_instant=False, stopped_by="paused_on"),
    columns=(
        Column("case", gettext_lazy("case"), lambda appeal: appeal.attribution.case.number),
        *_attribution_columns(_of_row)[:3],
        Column("level", gettext_lazy("level"), lambda appeal: appeal.level),
        Column("state", gettext_lazy("state"), lambda appeal: appeal.get_state_display()),
        Column("assigned_to", gettext_lazy("assigned to"), lambda appeal: appeal.assigned_to or "–"),
    ),
    opens=_opens("cases_appeal_change", lambda appeal: appeal.pk),
    reference=lambda appeal: appeal.receipt,
    fits=_fits_appeal,
    finds=gettext_lazy("Receipt, case or document number, institution, or a person by name, pinyin, initials or code"),
    source_path="attribution__case__source",
    region_path="attribution__case__region",
    assigned_to="assigned_to",
)


def _application_columns() -> tuple[Column[Any], ...]:
    return (
        Column("person", PERSON, lambda row: row.practitioner.name),
        Column("institution", INSTITUTION, lambda row: row.institution.name),
        Column("region", REGION, lambda row: row.institution.region.name),
    )


def _by_enterer(row: RepairApplication | ReregistrationApplication, user: User) -> Text:
    if row.entered_by_id == user.pk:
        return _("You entered it; another officer decides.")
    return deputies.stands_in_for(user, [row.entered_by_id or 0])


REPAIRS: Queue[RepairApplication] = Queue(
    code="repairs",
    title=gettext_lazy("Repairs"),
    about=gettext_lazy("Applications to earn points back; they count from the day on which they were handed in."),
    icon="healing",
    views=(Permission.REPAIR_ENTER, Permission.REPAIR_DECIDE),
    acts=(Permission.REPAIR_DECIDE,),
    rows=waiting.repairs,
    within=_within("institution__region"),
    region=lambda application: application.institution.region_id,
    due=Due("submitted_at", "repairs"),
    columns=(
        *_application_columns(),
        Column("activity", gettext_lazy("activity"), lambda application: application.get_activity_display()),
    ),
    opens=_opens("cases_repairapplication_change", lambda application: application.pk),
    reference=lambda application: application.receipt,
    fits=_fits_application,
    finds=gettext_lazy("Receipt number, institution, or a person by name, pinyin, initials or code"),
    region_path="institution__region",
    barred=_by_enterer,
)

REREGISTRATIONS: Queue[ReregistrationApplication] = Queue(
    code="reregistrations",
    title=gettext_lazy("New registrations after a bar"),
    about=gettext_lazy("Persons whose bar is over ask to be registered anew, with a new commitment."),
    icon="how_to_reg",
    views=(Permission.REREGISTRATION_ENTER, Permission.REREGISTRATION_DECIDE),
    acts=(Permission.REREGISTRATION_DECIDE,),
    rows=waiting.reregistrations,
    within=_within("institution__region"),
    region=lambda application: application.institution.region_id,
    due=Due("entered_at", "reregistrations"),
    columns=(
        *_application_columns(),
        Column("commitment_on", gettext_lazy("commitment signed on"), lambda row: row.commitment_on),
    ),
    opens=_opens("cases_reregistrationapplication_change", lambda application: application.pk),
    reference=lambda application: application.receipt,
    fits=_fits_application,
    finds=gettext_lazy("Receipt number, institution, or a person by name, pinyin, initials or code"),
    region_path="institution__region",
    barred=_by_enterer,
)

LEADS: Queue[Lead] = Queue(
    code="leads",
    title=gettext_lazy("Leads"),
    about=gettext_lazy(
        "Hints from detectors and tips: dismissed with a reason, or joined to a case. They give no points."
    ),
    icon="lightbulb",
    views=(Permission.LEAD_VIEW,),
    acts=(Permission.LEAD_DECIDE,),
    rows=waiting.leads,
    within=_within("institution__region"),
    region=lambda lead: lead.institution.region_id,
    due=Due("received_at", "leads"),
    columns=(
        Column("institution", INSTITUTION, lambda lead: lead.institution.name),
        Column("region", REGION, lambda lead: lead.institution.region.name),
        Column("source", pgettext_lazy("of a case", "source"), lambda lead: lead.get_source_display()),
        Column("detector", gettext_lazy("detector"), lambda lead: lead.model_name or "–"),
    ),
    opens=_opens("cases_lead_change", lambda lead: lead.pk),
    reference=lambda lead: lead.number,
    fits=lambda term: Q(number=term.upper()) | place_fits("institution", term),
    finds=gettext_lazy("Number of the lead, or institution"),
    source_path="source",
    region_path="institution__region",
)

QUEUES: tuple[Queue[Any], ...] = (
    CASES,
    DECISIONS,
    ASSESSMENTS,
    HOLDS,
    STATEMENTS,
    SERVICES,
    APPEALS,
    REPAIRS,
    REREGISTRATIONS,
    LEADS,
)
