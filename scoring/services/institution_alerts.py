"""Watching how many of an institution's staff came under a measure in the year, and raising what the rules propose."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Func, Q
from django.utils.translation import gettext as _

from institutions.errors import RuleRefused, WrongState
from institutions.models import Institution, Registration, User
from institutions.permissions import Permission, ensure_permission
from institutions.selectors.practitioners import families
from institutions.selectors.registrations import running_on
from institutions.services import audit
from scoring.errors import NoRulebook
from scoring.models import InstitutionProposal, Measure
from scoring.policy.institution_alerts import Staffing, alert_for
from scoring.selectors.rulebooks import Rules

RULE = "institution_alerts"
Staff = dict[UUID, set[UUID]]  # institution → persons


def watch_institutions(*, today: date, now: datetime, counts: Counter[str]) -> Counter[str]:
    """Raise a proposal for every institution whose share reaches one of its rules' alerts; count them.

    By the measures that stand, of whichever case: a measure that fell counts nowhere. Raised once a year and kind; a
    second run adds nothing. Nothing follows by itself, and nobody outside is told.
    """
    counts["proposals"] += 0
    affected = _affected(today)
    staff, rules = _staff(affected, today), Rules(today)
    for place in Institution.objects.filter(pk__in=affected).order_by("code"):
        people = affected[place.pk]
        staffing = Staffing(len(staff[place.pk] | people), len(people))
        try:
            rulebook = rules.of(place.region_id)
        except NoRulebook:
            continue
        alert = alert_for(staffing, rulebook.institution_alerts)
        if alert is None:
            continue
        raised, is_new = InstitutionProposal.objects.get_or_create(
            institution=place,
            year=today.year,
            proposal=alert.proposal.value,
            defaults={
                "share": alert.share,
                "staff": staffing.staff,
                "affected": staffing.affected,
                "practitioners": sorted(people),
                "rulebook": rulebook.label,
                "raised_on": today,
                "raised_at": now,
            },
        )
        if is_new:
            counts["proposals"] += 1
            audit.record_event(
                action="institution.proposed",
                subject=raised,
                by=None,
                now=now,
                detail={"proposal": raised.proposal, "staff": staffing.staff, "affected": staffing.affected},
                region=place.region_id,
            )
    return counts


@transaction.atomic
def handle(*, proposal: InstitutionProposal, note: str, by: User | None, now: datetime) -> InstitutionProposal:
    """Write down what became of a proposal, once; return it. Refuses (403) other regions, (409) one that is handled."""
    ensure_permission(by, Permission.ATTRIBUTION_DECIDE, region=proposal.institution.region_id)
    held = InstitutionProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if held.handled_at is not None:
        if (held.handled_by, held.handled_note) == (by, note.strip()):
            return held
        raise WrongState(_("What became of this proposal is on record already."), rule=RULE, state="handled")
    if not note.strip() or by is None:
        raise RuleRefused(_("Say what became of the proposal."), rule=RULE)
    held.handled_note, held.handled_by, held.handled_at = note.strip(), by, now
    held.save(update_fields=["handled_note", "handled_by", "handled_at"])
    audit.record_event(
        action="institution.proposal_handled",
        subject=held,
        by=by,
        now=now,
        reason=held.handled_note,
        region=proposal.institution.region_id,
    )
    return held


def _affected(today: date) -> Staff:
    """Who came under a measure in the year up to today, by the institutions where they worked on its first day."""
    first = Func(F("valid"), function="lower")
    begun = Measure.objects.filter(recorded__upper_inf=True).annotate(begins=first)
    begun = begun.filter(begins__gte=date(today.year, 1, 1), begins__lte=today)
    starts: dict[UUID, set[date]] = defaultdict(set)
    for person, day in begun.order_by().values_list("practitioner_id", "begins"):
        starts[person].add(day)
    person_of = families(starts)
    days_of: dict[UUID, set[date]] = defaultdict(set)
    for record, days in starts.items():
        days_of[person_of[record]] |= days
    found: Staff = defaultdict(set)
    spells = Registration.objects.filter(practitioner__in=person_of).order_by()
    for record, place, begins, ends in spells.values_list("practitioner_id", "institution_id", "starts_on", "ends_on"):
        person = person_of[record]
        if any(begins <= day and (ends is None or day <= ends) for day in days_of[person]):
            found[place].add(person)
    return found


def _staff(places: Collection[UUID], today: date) -> Staff:
    """Who is registered at these institutions today, each person once."""
    rows = list(
        running_on(Registration.objects.filter(institution__in=places), today)
        .filter(Q(practitioner__merged_into__isnull=True))
        .order_by()
        .values_list("institution_id", "practitioner_id")
    )
    found: Staff = defaultdict(set)
    for place, person in rows:
        found[place].add(person)
    return found
