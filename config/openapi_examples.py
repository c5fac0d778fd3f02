"""Examples for the API description, by the name of the field: one invented case runs through all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HOSPITAL, SLUG = "巴林左旗济仁中医医院", "k3v7q2m5x4t6w2ab"
CASE, ATTRIBUTION = "01997b1e-5f6c-7c1e-9f0a-3d5f0c7a1b22", "01997b1e-61d4-7a55-8e1d-90c3a4f2d6e7"

# By name, whatever the shape; a field of another type takes `BY_TYPE`.
FIELDS: dict[str, object] = {
    "action": "decided",
    "amount": "48271.93",
    "annul_basis": "行政复议决定",
    "answer": "已核对考勤记录,予以采纳。",
    "application_id": "01997b1e-7720-7d31-b9b2-04f8a1c6e5d3",
    "arithmetic": "D1 10",
    "as_of": "2025-06-21",
    "attribution": ATTRIBUTION,
    "attribution_id": ATTRIBUTION,
    "authority": "巴林左旗医疗保障局",
    "case": "巴医保案〔2025〕001",
    "case_id": CASE,
    "case_reference": "巴医保案〔2025〕001",
    "category": "physician",
    "clause": "D1",
    "code": "D150422000001",
    "conduct": "forged-records",
    "countersign_reason": "",
    "cursor": "01JGH0AB",
    "degree": "principal",
    "department": "检验科",
    "detail": "",
    "document": "巴医保罚〔2025〕1号",
    "file": "attendance.pdf",
    "file_id": "01997b1e-8a10-7f42-a6c4-5e2d9b7f1c08",
    "file_name": "attendance.pdf",
    "finding": "f1",
    "grounds": "病历由他人代签,本人当日不在岗。",
    "institution": "H15042200001",
    "institution_code": "H15042200001",
    "institution_name": HOSPITAL,
    "key": "e1",
    "kind": "decision",
    "language": "zh-hans",
    "last_four": "0001",
    "late_reason": "",
    "name": "耿某敏",
    "number": "JF2025-000123",
    "page": 1,
    "page_size": 50,
    "place": "内蒙古自治区赤峰市巴林左旗",
    "position": "检验师",
    "practitioner": SLUG,
    "practitioner_code": "D150422000001",
    "practitioner_name": "耿某敏",
    "practitioner_slug": SLUG,
    "proof": "签收回执第1号",
    "reason": "行政复议撤销处罚决定。",
    "reasoning": "长期批量伪造检查报告和病历,对骗取基金起决定作用。",
    "reasons": "事实清楚,证据充分。",
    "receipt": "SS2025-000012",
    "region": "150422",
    "rulebook": "inner-mongolia/1",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "slug": SLUG,
    "source": "flying_inspection",
    "specialty": "医学检验",
    "state": "effective",
    "status": "terminated",
    "subject_name": "耿某敏",
    "summary": "",
    "text": "本人当日不在岗,考勤记录可以证明。",
    "title": "伪造医学文书",
    "title_en": "Forged medical records",
    "url": "/open-data/2025-06-21/full.csv",
    "version": 1,
    "X-Notice-Number": "JF2025-000123",
    "X-Notice-Token": "7K4M-2QXP-9RTW",
    "year": 2025,
}
BY_FORMAT: dict[str, object] = {
    "date": "2025-06-20",
    "date-time": "2025-06-20T16:05:00+00:00",
    "uuid": CASE,
    "decimal": "48271.93",
    "binary": "",
    "uri": "/open-data/2025-06-21/full.csv",
}
BY_TYPE: dict[str, object] = {"string": "…", "integer": 1, "number": 1, "boolean": False}
KINDS: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "boolean": (bool,), "number": (int, float)}


def example_for(name: str, described: Mapping[str, Any]) -> object | None:
    """Return an example that fits what is said of a field; None for lists, objects, and where nothing is said."""
    if described.get("enum"):
        return FIELDS.get(name) if FIELDS.get(name) in described["enum"] else described["enum"][0]
    if described.get("format") in BY_FORMAT:
        return BY_FORMAT[described["format"]]
    kind = described.get("type", "")
    given = FIELDS.get(name)
    if kind in KINDS and isinstance(given, KINDS[kind]) and not isinstance(given, bool):
        return _cut(given, described)
    return _cut(BY_TYPE.get(kind), described)


def _cut(example: object, described: Mapping[str, Any]) -> object:
    """Keep within a length or a bound that the shape gives."""
    if isinstance(example, str) and "maxLength" in described:
        return example[: described["maxLength"]]
    if isinstance(example, int) and "minimum" in described:
        return max(example, described["minimum"])
    return example


def example_of_media(content: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """Return the example of a body: one that is written out, else the one that its shape makes."""
    for given in content.get("examples", {}).values():
        return given["value"]
    if "example" in content:
        return content["example"]
    return example_of(content["schema"], document)


def example_of(shape: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """Return an example of a shape, made of those of its fields."""
    if "example" in shape:
        return shape["example"]
    if "$ref" in shape:
        return example_of(document["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]], document)
    for several in ("allOf", "oneOf", "anyOf"):
        if several in shape:
            return example_of(shape[several][0], document)
    if shape.get("type") == "array":
        return [example_of(shape["items"], document)]
    if "properties" in shape:
        return {name: example_of(inner, document) for name, inner in shape["properties"].items()}
    if isinstance(shape.get("additionalProperties"), Mapping) and shape["additionalProperties"]:
        return {"key": example_of(shape["additionalProperties"], document)}
    return {} if shape.get("type") == "object" else example_for("", shape)
