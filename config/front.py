"""What the web process answers before Django is asked: published scorecards, as files of today or as stored bytes.

Everything else, and whatever is not perfectly plain (another method, a query, a language to be negotiated), goes to
Django, which is always right. The rules are those of `docs/deploy/nginx`; the headers are Django's own.
"""

from __future__ import annotations

import os
import re
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from config.middleware import REQUEST_ID, ContentPolicyMiddleware
from institutions import clock, published_files
from institutions.services import record_access
from scoring.selectors.published import FACTS, PAGES, published

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


@dataclass(frozen=True, slots=True)
class Found:
    """Bytes that may be sent, and their ETag with its quotes."""

    content: bytes
    etag: str
    is_zipped: bool


class Front:
    """Sends published pages, and asks the application for the rest."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._fixed = _fixed_headers()
        self._moved: tuple[float, date] = (0.0, date.min)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a WSGI request."""
        asked = PATH.fullmatch(environ["PATH_INFO"])
        if asked is not None and _is_plain(environ):
            language = "" if asked[1] else language_of(environ)
            found = None if language is None else self._found(asked[2], language, environ)
            if found is not None:
                return self._send(found, language or "", environ, start_response)
        return self._application(environ, start_response)

    def _found(self, slug: str, language: str, environ: Environ) -> Found | None:
        """Return today's file, else the stored bytes; None where Django has to compute the page."""
        try:
            today = self._today()
            found = None
            if published_files.is_on() and GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")):
                found = _file(f"{settings.PUBLISHED_DIR}/{today.isoformat()}/", slug, language)
            if found is None:
                row = published(slug, PAGES.get(language, FACTS), clock.now())
                found = None if row is None else Found(row.body, f'"{row.etag}"', is_zipped=False)
            if found is not None:
                record_access.count_lookup(slug=slug, now=clock.start_of(today))
        except (DatabaseError, psycopg.Error):
            connection.close()  # outside a request nobody else looks after it; Django opens another
            return None
        return found

    def _send(self, found: Found, language: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        headers = [
            *self._fixed,
            ("ETag", found.etag),
            ("Cache-Control", "no-cache"),
            ("X-Robots-Tag", "noindex, nofollow, noarchive"),
            ("Vary", "Accept-Encoding, Accept-Language, Cookie"),
            ("X-Request-ID", _request_id(environ)),
        ]
        if _knows(environ, found.etag):
            start_response("304 Not Modified", headers)
            return [b""]
        headers.append(("Content-Type", "text/html; charset=utf-8" if language else "application/json"))
        headers.append(("Content-Length", str(len(found.content))))
        if found.is_zipped:
            headers.append(("Content-Encoding", "gzip"))
        if language:
            headers.append(("Content-Language", language))
        start_response("200 OK", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else found.content]

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
        and _is_our_host(environ.get("HTTP_HOST", ""))
        and (not settings.SECURE_SSL_REDIRECT or _is_secure(environ))
    )


@lru_cache(maxsize=64)
def _is_our_host(host: str) -> bool:
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _is_secure(environ: Environ) -> bool:
    header, value = settings.SECURE_PROXY_SSL_HEADER or ("wsgi.url_scheme", "https")
    return bool(environ.get(header) == value)


def _file(folder: str, slug: str, language: str) -> Found | None:
    """Return a file and its ETag, which is the one that nginx would give; None where it is not there."""
    name = published_files.name_of(slug, f"{language}.html" if language else "json")
    try:
        handle = os.open(folder + name, os.O_RDONLY)
    except OSError:
        return None
    try:
        facts = os.fstat(handle)
        etag = f'"{int(facts.st_mtime):x}-{facts.st_size:x}"'
        return Found(os.read(handle, facts.st_size), etag, is_zipped=True)
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
