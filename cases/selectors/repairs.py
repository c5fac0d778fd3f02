"""What a person may earn back now, by which rules, and what they applied for."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cases.models import Activity, RepairApplication
from cases.policy.courses import Course
from cases.selectors.courses import all_courses
from institutions.models import Institution, Practitioner
from institutions.selectors.practitioners import institutions_to_tell, record_ids, sites_on
from scoring.errors import NoRulebook
from scoring.policy.account import Refusal
from scoring.policy.events import Repair
from scoring.policy.replay import replay
from scoring.policy.rulebook import Rulebook
from scoring.refusal_texts import refusal_text
from scoring.selectors.accounts import load_account
from scoring.selectors.rulebooks import rulebook_for

SUPPOSED = "what-if:repair"


@dataclass(frozen=True, slots=True)
class Eligible:
    """One more participation would be credited: `points` off the total of `year`."""

    points: int
    year: int
    rulebook: Rulebook


@dataclass(frozen=True, slots=True)
class Ineligible:
    """It would not; `rule` names why, `reason` says it."""

    rule: str
    reason: str


def repair_eligibility(practitioner: Practitioner, institution: Institution, *, on: date) -> Eligible | Ineligible:
    """Say whether the rules of an institution's region would credit one participation of a person on a day."""
    try:
        rulebook = rulebook_for(institution.region_id, on)
    except NoRulebook as refused:
        return Ineligible(refused.rule, str(refused.detail))
    if rulebook.repair is None:
        off = Refusal(SUPPOSED, on, "repair", f"repair is off under {rulebook.id}", {"rulebook": rulebook.id})
        return Ineligible(off.rule, refusal_text(off))
    events = load_account(practitioner).events
    record = str(practitioner.pk) if any(event.record for event in events) else ""
    seq = max((event.seq for event in events), default=0) + 1
    account = replay([*events, Repair(SUPPOSED, seq, on, rulebook.repair.points, rulebook, record)])
    refusal = next((item for item in account.refusals if item.ref == SUPPOSED), None)
    if refusal is not None:
        return Ineligible(refusal.rule, refusal_text(refusal))
    credit = next(item for item in account.credits if item.ref == SUPPOSED)
    return Eligible(credit.points, credit.year, rulebook)


def places_for_repair(practitioner: Practitioner, *, on: date) -> list[Institution]:
    """Return the institutions by whose rules a person may apply: where they work, else where they were scored."""
    sites = list(sites_on(practitioner, on)) or list(institutions_to_tell(practitioner, on))
    if sites:
        return sites
    awarded = [entry.institution for entry in load_account(practitioner).entries if entry.institution is not None]
    return awarded[-1:]


def courses_for(practitioner: Practitioner, *, on: date) -> list[Course]:
    """Return the courses on the clauses that stand on a person's account in the year of a day, then all others."""
    loaded = load_account(practitioner)
    standing = {award.ref for award in loaded.account.awards if award.year == on.year}
    broken = {str(line["clause"]) for ref in standing for line in loaded.entry_of[ref].lines if not line.get("dropped")}
    return sorted(all_courses().values(), key=lambda course: (course.clause not in broken, course.clause))


def repairs_of(practitioner: Practitioner) -> QuerySet[RepairApplication]:
    """Return everything a person applied for, on whichever of their records, latest first."""
    rows = RepairApplication.objects.filter(practitioner__in=record_ids(practitioner))
    return rows.select_related("institution").prefetch_related("attempts", "files")


def is_taken(practitioner: Practitioner, clause: str, *, year: int) -> bool:
    """Say whether a person takes, or passed, the course on a clause in a year: it counts once."""
    taken = repairs_of(practitioner).filter(activity=Activity.COURSE, clause=clause, year=year)
    return taken.exclude(state__in=["refused", "withdrawn"]).exists()
