"""What every endpoint here shares: who asks, the difference between 403 and 404, and how a file is handed out."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from rest_framework.request import Request

from cases.models import Attribution, CaseFile
from cases.selectors import case_files
from cases.selectors.persons import attribution_of
from institutions import clock
from institutions.errors import Forbidden, NotThere
from institutions.models import User
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.services import notice_tokens
from scoring.api.throttling import LookupThrottle


def ensure_reader(request: Request) -> User:
    """Return the officer; refuse (403) who sees no cases at all. What they see is narrowed by the selectors (404)."""
    user = requester(request)
    if not has_permission(user, Permission.CASE_VIEW):
        raise Forbidden(rule=Permission.CASE_VIEW.value)
    return user


def letter_opened(request: Request) -> Attribution:
    """Return the attribution that the caller's letter is about, by its number and access code.

    Both stand in the headers `X-Notice-Number` and `X-Notice-Token`, or in the body as `notice` and `token`. Refuses
    (404) what opens no letter, and a letter about no decision; (429) too many guesses.
    """
    body = request.data if hasattr(request.data, "get") else {}
    number = str(request.headers.get("X-Notice-Number") or body.get("notice") or "")
    token = str(request.headers.get("X-Notice-Token") or body.get("token") or "")
    address = LookupThrottle().get_ident(request)
    attribution = attribution_of(notice_tokens.notice_for(number, token, clock.now(), address=address))
    if attribution is None:
        raise NotThere()
    return attribution


def download(content: bytes, content_type: str, file_name: str) -> HttpResponse:
    """Return a file as a download that no browser shows in place."""
    answer = HttpResponse(content, content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def case_of(request: Request, case_id: UUID) -> CaseFile:
    """Return a case of the officer's regions; 404 where it is none."""
    return get_object_or_404(case_files.visible_to(ensure_reader(request)), pk=case_id)
