"""What the API description gains once the endpoints are known: refusals, examples, summaries. Hooks of drf-spectacular.

Every refusal is a problem document, so it is described once and named by every operation that can give it. Examples
stand at the fields (`config/openapi_examples.py`), so that those of whole documents follow from the shapes.
"""

from __future__ import annotations

from typing import Any

from config.openapi_examples import FIELDS, example_for

Document = dict[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM_MEDIA = "application/problem+json"

# Status → name of the shared response, what it means, and the example's code and title.
REFUSALS: dict[str, tuple[str, str, str, str]] = {
    "400": ("BadRequest", "The request cannot be understood.", "parse-error", "The request cannot be understood"),
    "401": ("KeyRefused", "The API key is unknown, revoked or out of date.", "key-refused", "The key is not accepted"),
    "403": ("Forbidden", "You may not, whatever the state.", "forbidden", "You are not allowed to do this"),
    "404": ("NotFound", "Not there, or not there for you.", "not-found", "Not found"),
    "406": (
        "NotAcceptable",
        "This address does not answer in that form.",
        "not-acceptable",
        "This address does not answer in that form",
    ),
    "409": ("WrongState", "Not in the present state.", "wrong-state", "Not possible in the present state"),
    "415": (
        "UnsupportedMedia",
        "This address does not read that form.",
        "unsupported-media-type",
        "This address does not read that form",
    ),
    "422": (
        "Invalid",
        "What was sent is not valid; `errors` names the fields.",
        "invalid",
        "What was sent is not valid",
    ),
    "429": ("TooOften", "Too often; `Retry-After` says how many seconds to wait.", "throttled", "Too many requests"),
}
EVERYWHERE = ("400", "401", "403", "404", "406", "409", "422", "429")
WHERE_SOMETHING_IS_SENT = ("415",)

PROBLEM: Document = {
    "type": "object",
    "description": "A refusal (RFC 9457). Members that say nothing are left out; others may be added.",
    "properties": {
        "type": {"type": "string", "description": "urn:jifen:problem: and the code"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "rule": {"type": "string", "description": "the clause, permission or rule that refused it"},
        "state": {"type": "string", "description": "the present state"},
        "next_step": {"type": "string"},
        "request_id": {"type": "string", "description": "name it when you report something"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
    "required": ["type", "title", "status", "code"],
}


def complete(result: Document, generator: object, request: object, public: bool) -> Document:
    """Add to the generated document what each operation refuses, a summary of it, and an example for each field."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {name: _refusal(status, *facts) for status, (name, *facts) in REFUSALS.items()}
    for operations in result["paths"].values():
        for method in METHODS:
            if method in operations:
                _complete_operation(method, operations[method])
    for shape in components["schemas"].values():
        _complete_shape(shape)
    return result


def _refusal(status: str, meaning: str, code: str, title: str) -> Document:
    example = {"type": f"urn:jifen:problem:{code}", "title": title, "status": int(status), "code": code}
    content = {PROBLEM_MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
    answer: Document = {"description": meaning, "content": content}
    if status == "429":
        seconds = {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}}
        answer["headers"] = {"Retry-After": seconds}
    return answer


def _complete_operation(method: str, operation: Document) -> None:
    first = operation.get("description", "").split("\n\n")[0].replace("\n", " ")
    operation.setdefault("summary", first.split("; ")[0].rstrip("."))
    refused = EVERYWHERE + (WHERE_SOMETHING_IS_SENT if method != "get" else ())
    for status in (*refused, *(status for status in operation["responses"] if status in REFUSALS)):
        operation["responses"][status] = {"$ref": f"#/components/responses/{REFUSALS[status][0]}"}
    operation["responses"] = dict(sorted(operation["responses"].items()))
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in FIELDS and "example" not in parameter:
            parameter["example"] = FIELDS[parameter["name"]]


def _complete_shape(shape: Document) -> None:
    """Give each property of a shape an example that fits it, unless it has one or is a shape of its own."""
    for name, described in shape.get("properties", {}).items():
        if "$ref" in described or "allOf" in described or "oneOf" in described:
            continue
        example = example_for(name, described)
        if example is not None and "example" not in described:
            described["example"] = example
