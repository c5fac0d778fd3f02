"""The API described: every shape has an example that fits, every operation says what it refuses, a page shows it."""

import json

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from django.test import Client

from config.api_docs import document
from config.openapi import METHODS, REFUSALS
from config.openapi_examples import example_of, example_of_media

pytestmark = pytest.mark.django_db


def operations():
    return [
        (path, method, found[method])
        for path, found in document()["paths"].items()
        for method in METHODS
        if method in found
    ]


def fits(example, shape):
    """Validate as OpenAPI 3.0 means it: `nullable` is a type of its own in JSON Schema."""
    whole = json.loads(json.dumps({"components": document()["components"], **shape}))
    jsonschema.validate(example, _nullable_as_types(whole))


def _nullable_as_types(shape):
    if isinstance(shape, list):
        return [_nullable_as_types(inner) for inner in shape]
    if not isinstance(shape, dict):
        return shape
    inner = {key: _nullable_as_types(value) for key, value in shape.items() if key != "nullable"}
    return {"anyOf": [inner, {"type": "null"}]} if shape.get("nullable") is True else inner


@pytest.mark.parametrize("name", sorted(document()["components"]["schemas"]))
def test_each_shape_has_an_example_that_fits_it(name):
    shape = document()["components"]["schemas"][name]
    fits(example_of(shape, document()), shape)


def test_each_body_has_an_example_that_fits_it():
    bodies = [
        content
        for _path, _method, operation in operations()
        for holder in (operation.get("requestBody", {}), *operation["responses"].values())
        for media, content in holder.get("content", {}).items()
        if "json" in media
    ]
    assert len(bodies) > 100
    for content in bodies:
        fits(example_of_media(content, document()), content["schema"])


def test_each_operation_is_named_summed_up_tagged_and_says_what_it_refuses():
    tags = {tag["name"] for tag in document()["tags"]}
    names = [operation["operationId"] for _path, _method, operation in operations()]
    assert len(names) == len(set(names)) > 60
    for path, method, operation in operations():
        assert operation["summary"], (path, method)
        assert set(operation["tags"]) <= tags, (path, method)
        assert {"400", "401", "403", "404", "406", "422", "429"} <= set(operation["responses"]), (path, method)
        assert method == "get" or {"409", "415"} <= set(operation["responses"]), (path, method)
        for status in set(operation["responses"]) & set(REFUSALS):
            assert operation["responses"][status] == {"$ref": f"#/components/responses/{REFUSALS[status][0]}"}


def test_users_log_in_and_programs_show_a_key():
    schemes = document()["components"]["securitySchemes"]
    assert schemes["key"] == {"type": "http", "scheme": "bearer", "description": "An organisation's API key, jf_…"}
    assert schemes["cookieAuth"]["in"] == "cookie"
    search = document()["paths"]["/api/v1/scorecards/"]["get"]
    assert {} in search["security"]
    assert {} not in document()["paths"]["/api/v1/cases/"]["get"]["security"]


def test_the_document_is_sent_in_both_forms_and_not_again_to_whom_has_it():
    plain, as_json = Client().get("/api/schema/"), Client().get("/api/schema/", {"format": "json"})
    assert yaml.safe_load(plain.content) == json.loads(as_json.content) == document()
    assert plain["Content-Type"].startswith("application/vnd.oai.openapi")
    assert Client().get("/api/schema/", headers={"Accept": "application/json"}).content == as_json.content
    again = Client().get("/api/schema/", headers={"If-None-Match": plain["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert plain["ETag"] != as_json["ETag"]


@pytest.mark.parametrize(("language", "words"), [("en", "What can be refused"), ("zh-hans", "可能被拒绝的情形")])
def test_the_page_shows_every_operation_without_a_script(language, words):
    answer = Client().get("/api/docs/", headers={"Accept-Language": language})
    html = answer.content.decode()
    assert words in html
    assert "<script" not in html
    assert "style=" not in html
    assert "unsafe" not in answer["Content-Security-Policy"]
    for path, method, operation in operations():
        assert f"<b>{method.upper()}</b> {path}<" in html
        assert f'id="{operation["operationId"]}"' in html
    assert "巴林左旗济仁中医医院" in html
    assert Client().get("/developers/").content.decode().count('href="/api/docs/"') == 1
