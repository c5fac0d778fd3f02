"""What the person says before any point is given, and the answer to it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Attribution, Statement
from cases.selectors.persons import attribution_of
from cases.services import moves, submissions
from cases.services.submissions import SentFile
from cases.states import Action
from institutions.clock import local_date
from institutions.errors import NotThere, RuleRefused, WrongState
from institutions.models import Notice, User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

RULE = "design: statement before points"
TEXT_LENGTH_MAX = 20_000  # characters; a limit of the product


@transaction.atomic
def record_statement(
    *, attribution: Attribution, text: str, received_at: datetime, by: User | None, now: datetime
) -> Statement:
    """Put down what the person said, when it came in; return the statement. It has to be answered before the decision.

    One that came after the window but before the decision is put down all the same.
    """
    ensure_permission(by, Permission.ATTRIBUTION_SERVE, region=attribution.case.region_id)
    attribution = moves.lock(attribution)
    known = Statement.objects.filter(
        attribution=attribution, window=attribution.window, text=text.strip(), received_at=received_at
    ).first()
    if known is not None:
        return known
    moves.ensure_can(attribution, Action.RECORD_STATEMENT)
    text = moves.ensure_text(text, _("The text of the statement"), RULE)
    assert attribution.intent_served_on is not None  # constraint nothing_is_decided_before_the_person_is_told
    if received_at > now:
        raise RuleRefused(_("A statement cannot have come in later than now."), rule=RULE)
    moves.ensure_day(local_date(received_at), earliest=attribution.intent_served_on, now=now, rule=RULE)
    statement = Statement.objects.create(
        attribution=attribution, window=attribution.window, text=text, received_at=received_at, recorded_by=by
    )
    _record("statement.received", statement, attribution, by, now)
    return statement


@transaction.atomic
def submit_statement(*, notice: Notice, text: str, files: Sequence[SentFile] = (), now: datetime) -> Statement:
    """Take in what the person says on the page behind their letter, with their files; return it with its receipt.

    The letter's access code is the person's key, so no user is named. The same words and files in the same window a
    second time return the first statement. One after the window but before the decision is put down all the same.
    Refuses a letter about no attribution, an attribution that is not open for statements, an empty or too long text,
    and files that may not be kept.
    """
    found = attribution_of(notice)
    if found is None:
        raise NotThere()
    attribution = moves.lock(found)
    text = moves.ensure_text(text, _("What you want to say"), RULE)
    known = _said_before(attribution, text, files)
    if known is not None:
        return known
    moves.ensure_can(attribution, Action.RECORD_STATEMENT)
    if len(text) > TEXT_LENGTH_MAX:
        raise RuleRefused(_("The text is longer than %(max)d characters.") % {"max": TEXT_LENGTH_MAX}, rule=RULE)
    statement = Statement.objects.create(
        attribution=attribution, window=attribution.window, text=text, received_at=now, recorded_by=None
    )
    submissions.keep_files(files, said=statement, by=None, now=now)
    _record("statement.received", statement, attribution, None, now)
    return statement


@transaction.atomic
def answer_statement(*, statement: Statement, answer: str, by: User | None, now: datetime) -> Statement:
    """Answer a statement and return it; the same answer by the same officer a second time changes nothing.

    Refuses an empty answer, a second answer, and an answer once the attribution has moved on.
    """
    ensure_permission(by, Permission.ATTRIBUTION_DECIDE, region=statement.attribution.case.region_id)
    officer = moves.ensure_officer(by)
    attribution = moves.lock(statement.attribution)
    statement = Statement.objects.select_for_update(no_key=True).get(pk=statement.pk)
    if statement.answered_at is not None:
        if (statement.answer, statement.answered_by_id) == (answer.strip(), officer.pk):
            return statement
        raise WrongState(
            _("This statement was answered already; an answer is never edited."), rule=RULE, state="answered"
        )
    moves.ensure_can(attribution, Action.ANSWER_STATEMENT)
    statement.answer = moves.ensure_text(answer, _("The answer"), RULE)
    statement.answered_at, statement.answered_by = now, officer
    statement.save(update_fields=["answer", "answered_at", "answered_by"])
    _record("statement.answered", statement, attribution, by, now)
    return statement


def _said_before(attribution: Attribution, text: str, files: Sequence[SentFile]) -> Statement | None:
    """Return the statement of the same words and files in this window, so that a form sent twice counts once."""
    handed_in = {hashlib.sha256(file.content).hexdigest() for file in files}
    same = Statement.objects.filter(attribution=attribution, window=attribution.window, text=text)
    for statement in same.prefetch_related("files"):
        if {file.sha256 for file in statement.files.all()} == handed_in:
            return statement
    return None


def _record(action: str, statement: Statement, attribution: Attribution, by: User | None, now: datetime) -> None:
    audit.record_event(
        action=action,
        subject=attribution,
        by=by,
        now=now,
        detail={"statement": statement.pk, "window": statement.window},
        region=attribution.case.region_id,
    )
