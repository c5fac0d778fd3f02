"""What scored persons say in public beside their record: handed in, read by an officer, shown, withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from institutions.errors import Forbidden, NotThere, RuleRefused, WrongState
from institutions.json_types import JsonObject
from institutions.models import Notice, Practitioner, Registration, User
from institutions.permissions import Permission, ensure_permission
from institutions.selectors.practitioners import record_ids
from institutions.services import audit
from scoring.enums import EntryKind
from scoring.models import OwnStatement, OwnStatementOutcome, PointsEntry
from scoring.policy.own_words import LENGTH_MAX, Found, Trouble, troubles
from scoring.selectors import own_statements
from scoring.services import measures, scorecards

RULE = "design: a person's own statement stands beside the record"


@transaction.atomic
def submit(*, notice: Notice, entry: PointsEntry, text: str, now: datetime) -> OwnStatement:
    """Take in a statement of the person to whom a letter went, about an award of theirs; nothing is shown yet.

    The letter's access code is the person's key, so no user is named. The same text again returns the one that is
    there. Refuses an award that does not stand (WrongState), a second statement while one waits or is shown
    (WrongState), and a text with other people's names, contact data or codes in it, or too long (RuleRefused, with
    what was found).
    """
    person = notice.practitioner
    if person is None or notice.is_pilot or entry.practitioner_id not in record_ids(person):
        raise NotThere()
    measures.lock(person, now)
    text = text.strip()
    latest = own_statements.standing(entry)
    if latest is not None:
        if latest.text == text:
            return latest
        raise WrongState(
            _("A statement about this decision was handed in already."),
            rule=RULE,
            state=latest.outcome or "waits",
            next_step=_("Withdraw it first; then hand in the new one."),
        )
    if entry.kind != EntryKind.AWARD or PointsEntry.objects.filter(reverses=entry).exists():
        raise WrongState(
            _("This decision does not stand any more, and nothing is shown of it."), rule=RULE, state="undone"
        )
    _ensure_words(text, person, entry)
    made = OwnStatement.objects.create(practitioner=person, entry=entry, notice=notice, text=text, submitted_at=now)
    _record("own_statement.submitted", made, None, now)
    return made


@transaction.atomic
def publish(*, statement: OwnStatement, by: User | None, now: datetime) -> OwnStatement:
    """Show a statement beside the record from now on; the same act again changes nothing.

    Refuses one that was refused or withdrawn (WrongState).
    """
    return _decide(statement, OwnStatementOutcome.PUBLISHED, "", by, now)


@transaction.atomic
def refuse(*, statement: OwnStatement, reasons: str, by: User | None, now: datetime) -> OwnStatement:
    """Do not show a statement, with reasons that the person reads; the same act again changes nothing.

    Refuses one without reasons (RuleRefused), and one that is shown or withdrawn (WrongState).
    """
    return _decide(statement, OwnStatementOutcome.REFUSED, reasons.strip(), by, now)


@transaction.atomic
def withdraw(*, statement: OwnStatement, notice: Notice, now: datetime) -> OwnStatement:
    """Take back a statement by the person who made it: it leaves the page at once. A second call changes nothing."""
    person = notice.practitioner
    if person is None or statement.practitioner_id not in record_ids(person):
        raise NotThere()
    statement = _locked(statement, now)
    if statement.withdrawn_at is not None:
        return statement
    statement.withdrawn_at = now
    statement.save(update_fields=["withdrawn_at"])
    _record("own_statement.withdrawn", statement, None, now)
    if statement.outcome == OwnStatementOutcome.PUBLISHED:
        _renew_card(statement, now)
    return statement


def _decide(
    statement: OwnStatement, outcome: OwnStatementOutcome, reasons: str, by: User | None, now: datetime
) -> OwnStatement:
    ensure_permission(by, Permission.OWN_STATEMENT_MODERATE, region=own_statements.region_of(statement))
    if by is None:
        raise Forbidden(_("This act needs an officer who answers for it."), rule=RULE)
    statement = _locked(statement, now)
    if (statement.outcome, statement.reasons) == (outcome.value, reasons):
        return statement
    if statement.decided_at is not None or statement.withdrawn_at is not None:
        raise WrongState(
            _("This statement was decided on or withdrawn already."),
            rule=RULE,
            state="withdrawn" if statement.withdrawn_at else statement.outcome,
        )
    if outcome is OwnStatementOutcome.REFUSED and not reasons:
        raise RuleRefused(
            _("Say why it is not shown; the person reads it."), rule=RULE, errors=[_fault("reasons", "required")]
        )
    statement.outcome, statement.reasons = outcome.value, reasons
    statement.decided_at, statement.decided_by = now, by
    statement.save(update_fields=["outcome", "reasons", "decided_at", "decided_by"])
    _record(f"own_statement.{outcome.value}", statement, by, now)
    if outcome is OwnStatementOutcome.PUBLISHED:
        _renew_card(statement, now)
    return statement


def _locked(statement: OwnStatement, now: datetime) -> OwnStatement:
    """The statement as it is now, its person held: a card is made dirty only while nobody posts for the person."""
    measures.lock(statement.practitioner, now)
    rows = OwnStatement.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("practitioner", "entry__institution").get(pk=statement.pk)


def _renew_card(statement: OwnStatement, now: datetime) -> None:
    """Take the page of the person, under the record that survives, out of service."""
    scorecards.mark_dirty_of(record_ids(statement.practitioner)[:1], now=now)


def _ensure_words(text: str, person: Practitioner, entry: PointsEntry) -> None:
    names = Registration.objects.filter(institution=entry.institution).values_list("practitioner__name", flat=True)
    found = troubles(text, own_name=person.name, names=set(names.distinct()))
    if found:
        raise RuleRefused(
            " ".join(_sentence(item) for item in found),
            rule=RULE,
            errors=[_fault("text", item.trouble.value) for item in found],
        )


def _sentence(found: Found) -> str:
    words = {"words": found.words, "max": LENGTH_MAX}
    return {
        Trouble.EMPTY: _("Write what you want to say."),
        Trouble.TOO_LONG: _("Write at most %(max)d characters."),
        Trouble.CONTACT: _("Leave out contact data: “%(words)s”."),
        Trouble.CODE: _("Leave out codes and long numbers: “%(words)s”."),
        Trouble.NAME: _("Leave out other people's names: “%(words)s”."),
    }[found.trouble] % words


def _fault(field: str, code: str) -> JsonObject:
    return {"field": field, "code": code}


def _record(action: str, statement: OwnStatement, by: User | None, now: datetime) -> None:
    audit.record_event(
        action=action,
        subject=statement,
        by=by,
        now=now,
        detail={"receipt": statement.receipt, "entry": str(statement.entry_id), "outcome": statement.outcome},
        region=own_statements.region_of(statement),
    )
