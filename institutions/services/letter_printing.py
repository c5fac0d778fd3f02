"""Printing letters. Only the copy for the person carries the access code, and every such print is on record."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from institutions.errors import NotThere
from institutions.letters import content, rendering
from institutions.letters.attachments import attachments_of
from institutions.letters.rendering import Attachment
from institutions.models import Notice, User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit, notice_tokens


@transaction.atomic
def print_letter(
    *, notice: Notice, language: str, attachments: Sequence[Attachment] = (), by: User | None, now: datetime
) -> bytes:
    """Return the person's own copy of a letter as PDF, with the access code; the print is written down.

    Refuses whoever does not serve letters in the region of the authority, and a notice that is not to a person.
    """
    _ensure_serves(notice, by)
    token = notice_tokens.issue(notice, now)
    letter = content.compose(notice, language=language, token=token)
    _record("letter.printed", notice, by, now, language=language)
    return rendering.as_pdf(letter, attachments=[*attachments, *attachments_of(notice)])


@transaction.atomic
def replace_code(*, notice: Notice, by: User | None, now: datetime) -> None:
    """Make the access code of a letter useless, for one that went astray; the next print carries a new one.

    Refuses as `print_letter` does.
    """
    _ensure_serves(notice, by)
    notice_tokens.revoke(notice, now)
    _record("letter.code_replaced", notice, by, now)


def file_copy(*, notice: Notice, language: str, attachments: Sequence[Attachment] = ()) -> bytes:
    """Return a letter as PDF without any access code, for whoever may see the notice; the caller has seen to that."""
    made = content.compose(notice, language=language)
    return rendering.as_pdf(made, attachments=[*attachments, *attachments_of(notice)])


def _ensure_serves(notice: Notice, by: User | None) -> None:
    if notice.practitioner_id is None or notice.is_pilot:
        raise NotThere()
    ensure_permission(by, Permission.ATTRIBUTION_SERVE, region=notice.region_id or "")


def _record(action: str, notice: Notice, by: User | None, now: datetime, **detail: str) -> None:
    audit.record_event(
        action=action,
        subject=notice,
        by=by,
        now=now,
        detail={"number": notice.number} | detail,
        region=notice.region_id or "",
    )
