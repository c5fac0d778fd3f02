"""Leads: taken in from detectors and tips, dismissed with reasons, or joined to a case. None of it gives a point.

A case file rests on a concluded decision against the institution; a lead can only be joined to one that is there.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from cases.documents.lead_table import Hit, Settled, read_hits, read_settled
from cases.models import CaseFile, Lead, Source, Tip, TipOpening
from cases.models.lead import LEAD_STATE_LABELS
from cases.services import moves
from cases.services.sealing import Informant, seal, unseal
from cases.states.lead import TABLE, Action, State
from cases.states.table import IllegalMove
from institutions.clock import local_date
from institutions.errors import RuleRefused, WrongState
from institutions.json_types import JsonObject
from institutions.models import Institution, User
from institutions.permissions import Permission, ensure_permission, has_permission
from institutions.roster.reading import Source as File
from institutions.roster.report import RowError
from institutions.services import audit

RULE = "design: a lead never gives points"
SUMMARY_LENGTH_MAX = 4000
REPEATS_LISTED_MAX = 200


@dataclass
class LeadReport:
    """What came of a file: how many leads are new or known, and the errors of rows that were left out."""

    rows: int = 0
    created: int = 0
    known: int = 0
    errors: list[RowError] = field(default_factory=list)
    is_dry_run: bool = False


@dataclass(frozen=True)
class TipText:
    """What somebody tells: of which institution, what, and, if they like, who they are."""

    institution: Institution
    summary: str
    informant: Informant | None = None
    wants_reward: bool = False


@transaction.atomic
def import_hits(*, file: File, dry_run: bool = False, by: User | None, now: datetime) -> LeadReport:
    """Take in the hits of a detector; good rows come in, each once by its source and key, bad ones are reported.

    Refuses (`UnreadableRoster`) a file that cannot be read or that names insured persons. A row about an institution
    that is unknown, or outside the regions over which `by` enters leads, is an error of that row.
    """
    ensure_permission(by, Permission.LEAD_ENTER)
    hits, errors = read_hits(file)
    report = LeadReport(len(hits) + len({error.row for error in errors}), errors=errors, is_dry_run=dry_run)
    places = _places({hit.institution_code for hit in hits})
    fresh: dict[tuple[str, str], Lead] = {}
    for hit in hits:
        place = _place_of(hit.row, hit.institution_code, places, by, report.errors)
        if place is not None:
            fresh.setdefault((hit.source, hit.key), _lead_of(hit, place, by, now))
    _take_in(fresh, report, by, now)
    return report


@transaction.atomic
def import_duplicates(*, file: File, dry_run: bool = False, by: User | None, now: datetime) -> LeadReport:
    """Make one lead for each institution that settled a package which was settled before, there or elsewhere.

    Of codes and orders only hashes are kept. The same list again makes nothing new.
    """
    ensure_permission(by, Permission.LEAD_ENTER)
    settled, errors = read_settled(file)
    report = LeadReport(len(settled) + len({error.row for error in errors}), errors=errors, is_dry_run=dry_run)
    places = _places({item.institution_code for item in settled})
    fresh: dict[tuple[str, str], Lead] = {}
    for code, repeats in _repeats(settled).items():
        place = _place_of(repeats[0].row, code, places, by, report.errors)
        if place is not None:
            lead = _duplicates_lead(repeats, place, by, now)
            fresh[(lead.source, lead.external_key)] = lead
    _take_in(fresh, report, by, now)
    return report


@transaction.atomic
def enter_tip(*, tip: TipText, by: User | None, now: datetime) -> Lead:
    """Take in a tip and return its lead. `by` is the officer who wrote it down, None for the public form.

    Who gave it is sealed. Refuses an empty or too long text, and a wish for the reward without a name.
    """
    if by is not None:
        ensure_permission(by, Permission.LEAD_ENTER, region=tip.institution.region_id)
    summary = moves.ensure_text(tip.summary, _("What happened"), RULE)
    if len(summary) > SUMMARY_LENGTH_MAX:
        raise RuleRefused(_("The text is longer than %(max)d characters.") % {"max": SUMMARY_LENGTH_MAX}, rule=RULE)
    if tip.wants_reward and tip.informant is None:
        raise RuleRefused(
            _("A reward can only be paid to somebody who gives their name."),
            rule=RULE,
            next_step=_("Give name and contact; they are sealed. Or leave the reward."),
        )
    lead = Lead.objects.create(
        number=_numbers(1, now)[0],
        source=Source.TIP_OFF,
        institution=tip.institution,
        summary=summary,
        received_at=now,
        received_by=by,
    )
    sealed = seal(tip.informant) if tip.informant is not None else None
    Tip.objects.create(lead=lead, sealed=sealed, wants_reward=tip.wants_reward)
    _record("lead.tip_received", lead, by, now, {"sealed": sealed is not None})
    return lead


@transaction.atomic
def open_identity(*, lead: Lead, reason: str, by: User | None, now: datetime) -> Informant:
    """Open the seal on who gave a tip, and write down who opened it and why. Refuses a tip without a name."""
    ensure_permission(by, Permission.TIP_UNSEAL, region=lead.institution.region_id)
    officer = moves.ensure_officer(by)
    reason = moves.ensure_text(reason, _("The reason"), RULE)
    tip = Tip.objects.filter(lead=lead, sealed__isnull=False).first()
    if tip is None or tip.sealed is None:
        raise WrongState(_("Nobody gave a name with this lead."), rule=RULE, state=lead.state)
    TipOpening.objects.create(tip=tip, opened_at=now, opened_by=officer, reason=reason)
    _record("lead.identity_opened", lead, officer, now, {}, reason)
    return unseal(bytes(tip.sealed))


@transaction.atomic
def dismiss(*, lead: Lead, reason: str, by: User | None, now: datetime) -> Lead:
    """End a lead that leads nowhere, with reasons; return it. The same again changes nothing."""
    return _decide(lead, Action.DISMISS, reason, None, by, now)


@transaction.atomic
def reopen(*, lead: Lead, reason: str, by: User | None, now: datetime) -> Lead:
    """Take a dismissed lead up again; return it."""
    lead, officer = _locked(lead, by)
    after = _after(lead, Action.REOPEN)
    text = moves.ensure_text(reason, _("The reason"), RULE)
    lead.state, lead.decision_reason, lead.decided_at, lead.decided_by = after.value, "", None, None
    lead.save(update_fields=["state", "decision_reason", "decided_at", "decided_by"])
    _record("lead.reopened", lead, officer, now, {}, text)
    return lead


@transaction.atomic
def promote(*, lead: Lead, case: CaseFile, reason: str, by: User | None, now: datetime) -> Lead:
    """Join a lead to a case file of the same institution, and return it. Nothing else follows: no finding, no point.

    Refuses a case of another institution, and one whose basis was annulled.
    """
    if case.institution_id != lead.institution_id:
        raise RuleRefused(
            _("The case is about %(other)s, the lead about %(this)s.")
            % {"other": case.institution.name, "this": lead.institution.name},
            rule=RULE,
            next_step=_("Choose a case of this institution, or import its case file first."),
        )
    if case.basis.is_annulled:
        raise RuleRefused(
            _("The decision on which case %(number)s rests was annulled.") % {"number": case.number},
            rule=RULE,
            next_step=_("A lead is joined to a case that stands."),
        )
    return _decide(lead, Action.PROMOTE, reason, case, by, now)


def _decide(lead: Lead, action: Action, reason: str, case: CaseFile | None, by: User | None, now: datetime) -> Lead:
    lead, officer = _locked(lead, by)
    text = moves.ensure_text(reason, _("The reason"), RULE)
    done = {Action.PROMOTE: State.PROMOTED, Action.DISMISS: State.DISMISSED}[action]
    if (lead.state, lead.case_id, lead.decision_reason) == (done.value, case.pk if case else None, text):
        return lead
    lead.state = _after(lead, action).value
    lead.case, lead.decision_reason, lead.decided_at, lead.decided_by = case, text, now, officer
    lead.save(update_fields=["state", "case", "decision_reason", "decided_at", "decided_by"])
    detail: JsonObject = {"case": case.number} if case is not None else {}
    _record(f"lead.{lead.state}", lead, officer, now, detail, text)
    return lead


def _locked(lead: Lead, by: User | None) -> tuple[Lead, User]:
    ensure_permission(by, Permission.LEAD_DECIDE, region=lead.institution.region_id)
    officer = moves.ensure_officer(by)
    held = Lead.objects.select_for_update(no_key=True, of=("self",)).select_related("institution")
    return held.get(pk=lead.pk), officer


def _after(lead: Lead, action: Action) -> State:
    state = State(lead.state)
    try:
        return TABLE.next_state(action, state)
    except IllegalMove as illegal:
        raise WrongState(
            _("That is not possible: the lead is %(state)s.") % {"state": LEAD_STATE_LABELS[state]},
            rule="design: state table of leads",
            state=state.value,
            next_step=_("Open the lead anew and look at what may be done."),
        ) from illegal


def _places(codes: set[str]) -> dict[str, Institution]:
    return {place.code: place for place in Institution.objects.filter(code__in=codes)}


def _place_of(
    row: int, code: str, places: dict[str, Institution], by: User | None, errors: list[RowError]
) -> Institution | None:
    place = places.get(code)
    if place is None:
        errors.append(RowError(row, "institution_code", code, _("No institution has this code.")))
        return None
    if by is not None and not has_permission(by, Permission.LEAD_ENTER, region=place.region_id):
        errors.append(RowError(row, "institution_code", code, _("This institution lies outside your regions.")))
        return None
    return place


def _lead_of(hit: Hit, place: Institution, by: User | None, now: datetime) -> Lead:
    return Lead(
        source=hit.source,
        institution=place,
        summary=hit.summary[:SUMMARY_LENGTH_MAX],
        model_name=hit.model,
        model_version=hit.version,
        score=hit.score,
        details=dict(hit.details),
        external_key=hit.key,
        received_at=now,
        received_by=by,
    )


def _repeats(settled: Sequence[Settled]) -> dict[str, list[Settled]]:
    """Return, by institution, the settlements of packages that were settled more than once in the list."""
    by_trace: dict[str, list[Settled]] = {}
    for item in settled:
        by_trace.setdefault(item.trace, []).append(item)
    found: dict[str, list[Settled]] = {}
    for items in by_trace.values():
        if len(items) > 1:
            for item in items:
                found.setdefault(item.institution_code, []).append(item)
    return found


def _duplicates_lead(repeats: list[Settled], place: Institution, by: User | None, now: datetime) -> Lead:
    traces = sorted({item.trace for item in repeats})
    listed = [{"trace": item.trace, "order": item.order, "on": item.on} for item in repeats[:REPEATS_LISTED_MAX]]
    said = _("%(codes)d traceability codes were settled more than once; %(rows)d settlements here.")
    return Lead(
        source=Source.TRACEABILITY,
        institution=place,
        summary=said % {"codes": len(traces), "rows": len(repeats)},
        score=Decimal(len(traces)),
        details={"settlements": listed, "listed": len(listed), "of": len(repeats)},
        external_key=_key_of(place, repeats),
        received_at=now,
        received_by=by,
    )


def _key_of(place: Institution, repeats: Iterable[Settled]) -> str:
    text = "|".join(sorted(f"{item.trace}:{item.order}:{item.on}" for item in repeats))
    return f"{place.code}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _take_in(fresh: dict[tuple[str, str], Lead], report: LeadReport, by: User | None, now: datetime) -> None:
    keys = {key for _source, key in fresh}
    known = set(Lead.objects.filter(external_key__in=keys).values_list("source", "external_key")) if keys else set()
    new = [lead for key, lead in fresh.items() if key not in known]
    report.created, report.known = len(new), len(fresh) - len(new)
    report.errors.sort(key=lambda error: error.row)
    if report.is_dry_run or not new:
        return
    for lead, number in zip(new, _numbers(len(new), now), strict=True):
        lead.number = number
    # Somebody else may bring the same list at once: each hint comes in once, whoever is first.
    Lead.objects.bulk_create(new, ignore_conflicts=True, batch_size=2000)
    region = new[0].institution.region_id if len({lead.institution.region_id for lead in new}) == 1 else ""
    detail: JsonObject = {"created": report.created, "known": report.known, "errors": len(report.errors)}
    audit.record_event(action="lead.imported", subject="lead:import", by=by, now=now, detail=detail, region=region)


def _numbers(count: int, now: datetime) -> list[str]:
    """Return so many new numbers: XS, the Shanghai year, and a running number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_lead_number_seq') FROM generate_series(1, %s)", [count])
        return [f"XS{local_date(now):%Y}-{number:06d}" for (number,) in cursor.fetchall()]


def _record(action: str, lead: Lead, by: User | None, now: datetime, detail: JsonObject, reason: str = "") -> None:
    audit.record_event(
        action=action,
        subject=lead,
        by=by,
        now=now,
        detail={"number": lead.number, **detail},
        reason=reason,
        region=lead.institution.region_id,
    )
