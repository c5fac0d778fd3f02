"""The API described: the document for programs at `/api/schema/`, and the same for people at `/api/docs/`.

The document is made once per process: it follows from the code alone.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import quote_etag
from django.views.decorators.http import condition, require_safe
from drf_spectacular.generators import SchemaGenerator

from config import openapi_security  # noqa: F401 - registers how keys are told of
from config.openapi import METHODS, REFUSALS
from config.openapi_examples import example_of_media

JSON_MEDIA, YAML_MEDIA = "application/vnd.oai.openapi+json", "application/vnd.oai.openapi"
Document = dict[str, Any]


@cache
def document() -> Document:
    """Return the OpenAPI document, in English whatever the language of the request."""
    with translation.override("en"):
        made: Document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    plain: Document = json.loads(json.dumps(made, default=str))
    return plain


@cache
def _written(form: str) -> bytes:
    if form == "json":
        return json.dumps(document(), ensure_ascii=False).encode()
    return yaml.safe_dump(document(), allow_unicode=True, sort_keys=False, width=100).encode()


@cache
def _etag_of(form: str) -> str:
    return quote_etag(hashlib.sha256(_written(form)).hexdigest()[:32])


def _form_of(request: HttpRequest) -> str:
    """JSON where it is asked for, by `format` or by the Accept header; YAML otherwise."""
    asked = request.GET.get("format", "")
    return "json" if asked == "json" or (not asked and "json" in request.headers.get("Accept", "")) else "yaml"


@require_safe
@condition(etag_func=lambda request: _etag_of(_form_of(request)))
def schema(request: HttpRequest) -> HttpResponse:
    """Send the OpenAPI document; 304 to whom has it."""
    form = _form_of(request)
    response = HttpResponse(
        _written(form), content_type=JSON_MEDIA if form == "json" else f"{YAML_MEDIA}; charset=utf-8"
    )
    response["Content-Disposition"] = f'inline; filename="jifen-api-v1.{form}"'
    response["Cache-Control"] = "no-cache"
    response["Vary"] = "Accept"
    return response


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show every operation by part: what it takes, what it answers, with examples, and what it refuses."""
    return render(request, "api/docs.html", {"parts": _parts(), "refusals": _refusals()})


@cache
def _parts() -> list[Document]:
    made = document()
    parts = {tag["name"]: {**tag, "operations": []} for tag in made["tags"]}
    for path, operations in made["paths"].items():
        for method in METHODS:
            if method in operations:
                operation = operations[method]
                parts[operation["tags"][0]]["operations"].append(_operation(path, method, operation))
    return [part for part in parts.values() if part["operations"]]


def _operation(path: str, method: str, operation: Document) -> Document:
    schemes = [name for option in operation.get("security", ()) for name in option or ("",)]
    body = operation.get("requestBody", {}).get("content", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": _plain(operation["summary"]),
        "description": _plain(operation.get("description", "")),
        "is_public": "" in schemes,
        "parameters": [_parameter(one) for one in operation.get("parameters", ())],
        "bodies": [(media, _shown(content)) for media, content in body.items()],
        "answers": [_answer(status, answer) for status, answer in operation["responses"].items() if status < "400"],
        "refused": [status for status in operation["responses"] if status in REFUSALS],
    }


def _parameter(parameter: Document) -> Document:
    shape = parameter["schema"]
    kind = shape.get("type", "string")
    values = shape.get("enum") or shape.get("items", {}).get("enum") or []
    return parameter | {"kind": kind, "format": shape.get("format", ""), "values": values}


def _answer(status: str, answer: Document) -> Document:
    contents = answer.get("content", {})
    return {"status": status, "bodies": [(media, _shown(content)) for media, content in contents.items()]}


def _shown(content: Document) -> str:
    """Return an example of a body as text; nothing for files."""
    if content.get("schema", {}).get("format") == "binary":
        return ""
    return json.dumps(example_of_media(content, document()), ensure_ascii=False, indent=2)


def _refusals() -> list[tuple[str, str]]:
    return [(status, _plain(facts[1])) for status, facts in REFUSALS.items()]


def _plain(text: str) -> str:
    """Return words without the marks of code."""
    return text.replace("`", "")
