"""Registering a person anew after a bar: entered with a new commitment, decided by another officer."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.errors import ReregistrationNotPossible
from cases.models import RepairOutcome, ReregistrationApplication, SubmittedFile
from cases.selectors.reregistrations import reregistration_refusal
from cases.services import moves, repair_moves, repair_notices, submissions
from cases.services.repair_decisions import REASONS_RULE
from cases.services.submissions import SentFile
from cases.states.repair import EntryAction, EntryState
from institutions.clock import local_date
from institutions.errors import RuleRefused
from institutions.models import Institution, Practitioner, User
from institutions.permissions import Permission, ensure_permission
from institutions.selectors.practitioners import surviving
from institutions.services import registrations
from scoring.refusal_texts import refusal_text
from scoring.selectors.accounts import load_account
from scoring.services import account_events

COMMITMENT_RULE = "design: a new registration needs a new commitment"


@transaction.atomic
def enter(
    *,
    practitioner: Practitioner,
    institution: Institution,
    commitment_on: date,
    department: str = "",
    position: str = "",
    files: Sequence[SentFile] = (),
    by: User | None,
    now: datetime,
) -> ReregistrationApplication:
    """Enter the application of a person who was barred, at the institution that takes them; return it.

    The same application a second time returns the one that is open. Refuses (409) whoever is not terminated or whose
    bar still runs, with the rules' reason, and a second open application; (422) a commitment of the future or of
    before the bar ended.
    """
    ensure_permission(by, Permission.REREGISTRATION_ENTER, institution=institution)
    officer = moves.ensure_officer(by)
    practitioner = surviving(practitioner)
    Practitioner.objects.select_for_update(no_key=True).get(pk=practitioner.pk)
    open_one = ReregistrationApplication.objects.filter(practitioner=practitioner, state=EntryState.ENTERED).first()
    if open_one is not None:
        return _same(open_one, institution, commitment_on)
    _ensure_accepted(practitioner, local_date(now))
    _ensure_commitment(practitioner, commitment_on, local_date(now))
    application = ReregistrationApplication.objects.create(
        receipt=repair_moves.next_receipt("CD", now),
        practitioner=practitioner,
        institution=institution,
        commitment_on=commitment_on,
        department=department.strip(),
        position=position.strip(),
        entered_at=now,
        entered_by=officer,
    )
    if files:
        submissions.keep_files(files, said=application, by=officer, now=now)
    repair_moves.record("reregistration.entered", application, by, now)
    repair_notices.tell_entered(application=application, now=now)
    return application


@transaction.atomic
def add_files(
    *, application: ReregistrationApplication, files: Sequence[SentFile], by: User, now: datetime
) -> list[SubmittedFile]:
    """Keep the signed commitment or what else belongs to the application; return the files."""
    ensure_permission(by, Permission.REREGISTRATION_ENTER, institution=application.institution)
    application = repair_moves.lock(application)
    repair_moves.ensure_entry_can(application, EntryAction.ADD_FILES)
    kept = submissions.keep_files(files, said=application, by=by, now=now)
    repair_moves.record("reregistration.files_added", application, by, now, detail={"files": len(kept)})
    return kept


@transaction.atomic
def approve(
    *, application: ReregistrationApplication, reasons: str, by: User, now: datetime
) -> ReregistrationApplication:
    """Register the person anew from today; return the application. A second time changes nothing.

    Refuses whoever entered it, empty reasons, and, with the rules' own reason (409), whom they do not admit today.
    """
    ensure_permission(by, Permission.REREGISTRATION_DECIDE, region=application.institution.region_id)
    application = repair_moves.lock(application)
    if application.outcome == RepairOutcome.APPROVED:
        return application
    state = repair_moves.ensure_entry_can(application, EntryAction.APPROVE)
    repair_moves.ensure_other_officer(application, by)
    reasons = moves.ensure_text(reasons, _("The reasons of the decision"), REASONS_RULE)
    today = local_date(now)
    _ensure_accepted(application.practitioner, today)
    application.registration = registrations.register_anew(
        practitioner=application.practitioner,
        institution=application.institution,
        starts_on=today,
        commitment_on=application.commitment_on,
        department=application.department,
        position=application.position,
        by=by,
        now=now,
    )
    application.event = account_events.record_reregistration(
        practitioner=application.practitioner,
        region=application.institution.region_id,
        on=today,
        commitment_on=application.commitment_on,
        source_key=application.source_key,
        by=by,
        now=now,
    )
    _close(application, state, RepairOutcome.APPROVED, reasons, by, now)
    repair_notices.tell_registered(application=application, now=now)
    return application


@transaction.atomic
def refuse(
    *, application: ReregistrationApplication, reasons: str, by: User, now: datetime
) -> ReregistrationApplication:
    """Refuse a new registration, with reasons that the letter gives; return it. A second time changes nothing."""
    ensure_permission(by, Permission.REREGISTRATION_DECIDE, region=application.institution.region_id)
    application = repair_moves.lock(application)
    if application.outcome == RepairOutcome.REFUSED:
        return application
    state = repair_moves.ensure_entry_can(application, EntryAction.REFUSE)
    repair_moves.ensure_other_officer(application, by)
    reasons = moves.ensure_text(reasons, _("The reasons of the decision"), REASONS_RULE)
    _close(application, state, RepairOutcome.REFUSED, reasons, by, now)
    repair_notices.tell_not_registered(application=application, now=now)
    return application


@transaction.atomic
def withdraw(*, application: ReregistrationApplication, by: User, now: datetime) -> ReregistrationApplication:
    """Take an application back before it is decided; return it. A second time changes nothing."""
    ensure_permission(by, Permission.REREGISTRATION_ENTER, institution=application.institution)
    application = repair_moves.lock(application)
    if application.withdrawn_at is not None:
        return application
    application.state = repair_moves.ensure_entry_can(application, EntryAction.WITHDRAW).value
    application.withdrawn_at = now
    application.save(update_fields=["state", "withdrawn_at"])
    repair_moves.record("reregistration.withdrawn", application, by, now)
    return application


def _same(
    open_one: ReregistrationApplication, institution: Institution, commitment_on: date
) -> ReregistrationApplication:
    if (open_one.institution_id, open_one.commitment_on) == (institution.pk, commitment_on):
        return open_one
    raise ReregistrationNotPossible(
        _("Another application of this person is open: %(receipt)s.") % {"receipt": open_one.receipt},
        rule=repair_moves.REREGISTRATION_TABLE,
        state=open_one.state,
        next_step=_("Decide or withdraw that one first."),
    )


def _ensure_accepted(practitioner: Practitioner, on: date) -> None:
    refusal = reregistration_refusal(practitioner, on=on)
    if refusal is not None:
        raise ReregistrationNotPossible(refusal_text(refusal), rule=refusal.rule)


def _ensure_commitment(practitioner: Practitioner, commitment_on: date, today: date) -> None:
    """Refuse a commitment that is not new: signed after the last bar ended, and not in the future."""
    ended_on = load_account(practitioner).account.status_on(today).until
    earliest = ended_on or date.min
    if earliest < commitment_on <= today:
        return
    raise RuleRefused(
        _("The commitment has to be new: signed after %(day)s and not later than today.") % {"day": earliest},
        rule=COMMITMENT_RULE,
        next_step=_("Have the commitment signed anew, then enter it."),
    )


def _close(
    application: ReregistrationApplication,
    state: EntryState,
    outcome: RepairOutcome,
    reasons: str,
    by: User,
    now: datetime,
) -> None:
    application.state, application.outcome, application.outcome_reasons = state.value, outcome, reasons
    application.decided_at, application.decided_by = now, by
    application.save(
        update_fields=["state", "outcome", "outcome_reasons", "decided_at", "decided_by", "event", "registration"]
    )
    repair_moves.record(f"reregistration.{outcome}", application, by, now, reason=reasons)
