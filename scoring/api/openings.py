"""Writing down that an officer looked at an account through the API; the person may ask who did."""

from __future__ import annotations

from datetime import datetime

from rest_framework.request import Request

from institutions.models import AccessDoor, Practitioner
from institutions.permissions import Permission
from institutions.requester import requester
from institutions.services import record_access


def note_reader(request: Request, person: Practitioner, now: datetime) -> None:
    """Write down that the officer who asks looked at this person's points and measures."""
    record_access.note_access(
        practitioners=[person.pk],
        door=AccessDoor.ACCOUNT,
        permission=Permission.LEDGER_VIEW,
        by=requester(request),
        now=now,
    )
