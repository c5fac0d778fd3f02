"""Opening a letter as the person does: by the address in its QR code."""

from datetime import datetime
from typing import Any

from django.test import Client

from cases.models import Attribution, IssuedLetter
from institutions import clock
from institutions.models import Notice
from institutions.services import notice_tokens


def letter_of(attribution: Attribution, kind: str = "") -> Notice:
    """The latest letter about an attribution, or the latest of a kind."""
    letters = IssuedLetter.objects.filter(attribution=attribution)
    found = (letters.filter(kind=kind) if kind else letters).order_by("-issued_at", "-pk").first()
    assert found is not None
    return found.notice


def code_of(notice: Notice, now: datetime) -> str:
    """The access code that is printed in a letter."""
    return notice_tokens.issue(notice, now)


def opened(notice: Notice, now: datetime, language: str = "zh-hans") -> Client:
    """A browser in which a letter is open."""
    clock.move_to(now)
    client = Client(headers={"Accept-Language": language})
    answer = client.get(f"/n/{notice.number}?t={code_of(notice, now)}")
    assert answer.status_code == 302, answer.content
    assert answer["Location"] == f"/n/{notice.number}"
    return client


def text_of(answer: Any) -> str:
    """The page as text."""
    return str(answer.content.decode())
