"""Reading evidence in place: no byte is shown before the line in the log of openings is written.

The bytes come with a policy of their own: nothing in them runs, loads anything, or is taken for another kind of file.
"""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from cases.models import CaseFile
from cases.policy import evidence_types
from cases.services import evidence as evidence_rows
from cases.services import redactions
from institutions import clock
from institutions.errors import Forbidden
from institutions.requester import requester

PURPOSE_MAX = 200
READ_IN_PLACE = frozenset({evidence_types.PDF, evidence_types.PNG, evidence_types.JPEG, evidence_types.TEXT})
NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"


def opened(request: HttpRequest, case: CaseFile, key: str) -> HttpResponse:
    """Return the bytes of a piece of evidence, or of the redacted copy named, after the opening was written down.

    422 without a purpose, 403 for whoever may not see evidence there, 409 where the stored bytes were changed.
    """
    piece = case.evidence.filter(key=key).first()
    if piece is None:
        raise Http404
    by, now, purpose = requester(request), clock.now(), request.POST.get("purpose", "").strip()[:PURPOSE_MAX]
    try:
        if number := request.POST.get("copy", ""):
            copy = piece.redacted_copies.filter(pk=number).first() if _is_uuid(number) else None
            if copy is None:
                raise Http404
            content = redactions.open_by_officer(copy=copy, by=by, now=now)
            return _answer(request, content, copy.content_type, copy.file_name, str(copy))
        if not purpose:
            return _said(request, _("Say what you open it for: every opening is written down with its purpose."), 422)
        content = evidence_rows.open_evidence(evidence=piece, purpose=purpose, by=by, now=now)
    except Forbidden as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    if content is None:
        return _said(request, str(evidence_rows.hash_mismatch(piece)), 409)
    return _answer(request, content, piece.content_type, piece.file_name, piece.title)


def _answer(request: HttpRequest, content: bytes | None, content_type: str, name: str, title: str) -> HttpResponse:
    if content is None:
        return _said(
            request,
            _("Hash mismatch: the stored file of %(title)s is not the one that came in.") % {"title": title},
            409,
        )
    in_place = content_type in READ_IN_PLACE
    answer = HttpResponse(content, content_type=_served_as(content, content_type))
    answer["Content-Disposition"] = content_disposition_header(not in_place, name) or "attachment"
    # A browser's own PDF reader does not work in a sandbox; it runs no script of the document against the page.
    sandbox = "" if content_type == evidence_types.PDF else "; sandbox"
    return _guarded(answer, NOTHING_RUNS + sandbox)


def _served_as(content: bytes, content_type: str) -> str:
    """Text is shown in the encoding in which it was written."""
    if not content_type.startswith("text/"):
        return content_type
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return f"{content_type}; charset=gb18030"
    return f"{content_type}; charset=utf-8"


def _said(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    answer = render(request, "admin/workspace/evidence_refused.html", {"sentence": sentence}, status=status)
    return _guarded(answer, NOTHING_RUNS + "; sandbox")


def _guarded(answer: HttpResponse, policy: str) -> HttpResponse:
    answer["Content-Security-Policy"] = policy
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
