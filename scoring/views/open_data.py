"""`/open-data/`: what can be had, what its columns mean, and the files themselves."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from institutions.errors import NotThere, Withdrawn
from scoring.open_data import files
from scoring.open_data.changes import CHANGE_COLUMNS
from scoring.open_data.schema import describe
from scoring.selectors import open_data

SENDS_FILES = "X-Sends-Files"  # set by our nginx on everything that it passes on


@require_safe
def open_data_page(request: HttpRequest) -> HttpResponse:
    """Show the latest release, how to take it and what its columns mean; say so where there is none yet."""
    listed = open_data.releases()
    is_english = (get_language() or "").startswith("en")
    columns = [(c.name, c.kind, c.title if is_english else c.title_zh) for c in describe(CHANGE_COLUMNS)]
    facts = {"latest": listed[0] if listed else None, "earlier": listed[1:], "columns": columns}
    return render(request, "scoring/open_data.html", facts)


@require_safe
def open_data_file(request: HttpRequest, release: str, name: str) -> HttpResponseBase:
    """Send a file with its hash as ETag, 304 to whom has it, 410 once it was withdrawn; `latest` leads to its release.

    Asked again each time: a correction withdraws a file at once.
    """
    try:
        found = open_data.open_file(release, name)
    except NotThere as error:
        raise Http404 from error
    except Withdrawn as error:
        facts = {"status": error.status, "title": error.title, "detail": str(error)}
        return render(request, "error.html", facts, status=error.status)
    if release == open_data.LATEST:
        return redirect(reverse("open-data-file", args=[found.release, name]))
    packed = found.path.with_name(found.path.name + files.GZ)
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "") and packed.exists()
    etag = quote_etag(f"{found.sha256}-gz" if is_packed else found.sha256)
    known = get_conditional_response(request, etag)
    if known is not None:
        return known
    response = _sent(request, found.release, packed if is_packed else found.path, found.content_type)
    if is_packed:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Content-Disposition"] = f'inline; filename="jifen-{found.release}-{found.name}"'
    return response


def _sent(request: HttpRequest, release: str, path: Path, content_type: str) -> HttpResponseBase:
    """The file itself, or, behind nginx (docs/deploy), where nginx finds it on its disk."""
    if not settings.BEHIND_PROXY or SENDS_FILES not in request.headers:
        return FileResponse(path.open("rb"), content_type=content_type)
    response = HttpResponse(content_type=content_type)
    response["X-Accel-Redirect"] = f"/_files/open-data/{release}/{path.name}"
    return response
