"""What the web process answers before Django is asked: published files of scorecards, as a web server in front would.

For deployments without such a server. The file of today is sent with its ETag; everything else, and whatever is not
perfectly plain (another method, a query, a language to be negotiated, no gzip), goes to Django, which is always right.
The rules are those of `docs/deploy/nginx.conf`; the headers are Django's own.
"""

from __future__ import annotations

import logging
import os
import re
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from config.middleware import REQUEST_ID, ContentPolicyMiddleware
from institutions import clock, published_files
from institutions.services import record_access

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Header = tuple[str, str]

PATH = re.compile(r"/(?:s|(api)/v1/scorecards)/([a-z2-7]{16})(?(1)/?)")
GZIP = re.compile(r"(?:^|[ ,])gzip(?:$|[ ,])")
CHOSEN = re.compile(r"(?:^|; ?)django_language=([^;]*)")
PREFERRED = re.compile(r"(zh|en)(?:-[a-z0-9-]+)?(?:,|$)", re.IGNORECASE)
LANGUAGES = {"zh": "zh-hans", "en": "en"}
CLOCK_SECONDS = 0.25  # a demonstration's moved clock is looked at so often; the real one always

logger = logging.getLogger(__name__)


class Front:
    """Sends published files, and asks the application for the rest."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._fixed = _fixed_headers()
        self._moved: tuple[float, date] = (0.0, date.min)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a WSGI request."""
        found = PATH.fullmatch(environ["PATH_INFO"])
        if found is not None and published_files.is_on() and _is_plain(environ):
            answer = self._published(environ, start_response, found[2], is_facts=found[1] is not None)
            if answer is not None:
                return answer
        return self._application(environ, start_response)

    def _published(
        self, environ: Environ, start_response: StartResponse, slug: str, *, is_facts: bool
    ) -> Iterable[bytes] | None:
        language = "" if is_facts else language_of(environ)
        if language is None:
            return None
        try:
            today = self._today()
            content, etag = _read(f"{settings.PUBLISHED_DIR}/{today.isoformat()}/", slug, language)
            record_access.count_lookup(slug=slug, now=clock.start_of(today))
        except (OSError, DatabaseError):  # no such file: the usual case; or a database that has to be asked anew
            return None
        headers = [
            *self._fixed,
            ("ETag", etag),
            ("Cache-Control", "no-cache"),
            ("X-Robots-Tag", "noindex, nofollow, noarchive"),
            ("Vary", "Accept-Encoding, Accept-Language, Cookie"),
            ("X-Request-ID", _request_id(environ)),
        ]
        if _knows(environ, etag):
            start_response("304 Not Modified", headers)
            return [b""]
        headers += [
            ("Content-Type", "application/json" if is_facts else "text/html; charset=utf-8"),
            ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(content))),
        ]
        if language:
            headers.append(("Content-Language", language))
        start_response("200 OK", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else content]

    def _today(self) -> date:
        if not settings.CLOCK_MOVABLE:
            return clock.today()
        looked_at, day = self._moved
        if time.monotonic() - looked_at > CLOCK_SECONDS:
            day = clock.today()
            self._moved = (time.monotonic(), day)
        return day


def language_of(environ: Environ) -> str | None:
    """Return the reader's language where it is plain: chosen, or preferred first; None where it has to be weighed."""
    chosen = CHOSEN.search(environ.get("HTTP_COOKIE", ""))
    if chosen is not None:
        return chosen[1] if chosen[1] in LANGUAGES.values() else None
    accepted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
    if not accepted:
        return LANGUAGES["zh"]
    preferred = PREFERRED.match(accepted)
    return LANGUAGES[preferred[1].lower()] if preferred else None


def _is_plain(environ: Environ) -> bool:
    """Say whether nothing about the request needs Django's judgement."""
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and not environ.get("QUERY_STRING")
        and GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")) is not None
        and _is_our_host(environ.get("HTTP_HOST", ""))
        and (not settings.SECURE_SSL_REDIRECT or _is_secure(environ))
    )


@lru_cache(maxsize=64)
def _is_our_host(host: str) -> bool:
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _is_secure(environ: Environ) -> bool:
    header, value = settings.SECURE_PROXY_SSL_HEADER or ("wsgi.url_scheme", "https")
    return bool(environ.get(header) == value)


def _read(folder: str, slug: str, language: str) -> tuple[bytes, str]:
    """Return a file and its ETag, which is the one that nginx would give."""
    name = published_files.name_of(slug, f"{language}.html" if language else "json")
    handle = os.open(folder + name, os.O_RDONLY)
    try:
        facts = os.fstat(handle)
        return os.read(handle, facts.st_size), f'"{int(facts.st_mtime):x}-{facts.st_size:x}"'
    finally:
        os.close(handle)


def _knows(environ: Environ, etag: str) -> bool:
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    return bool(known) and etag in (part.strip().removeprefix("W/") for part in known.split(","))


def _request_id(environ: Environ) -> str:
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return given if REQUEST_ID.fullmatch(given) else str(uuid.uuid4())


def _fixed_headers() -> list[Header]:
    """Return the headers that the middleware of the house puts on every public page."""
    request = HttpRequest()
    request.path, request.META = "/s/", {"wsgi.url_scheme": "https"}
    request.is_secure = lambda: True  # type: ignore[method-assign]
    response = HttpResponse()
    del response["Content-Type"]
    response = SecurityMiddleware(lambda _request: response).process_response(request, response)
    response = XFrameOptionsMiddleware(lambda _request: response).process_response(request, response)
    bare = response
    return list(ContentPolicyMiddleware(lambda _request: bare)(request).items())
