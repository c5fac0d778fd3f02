"""What a machine needs to read the files: a Frictionless data package and CSV on the Web metadata, from one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.open_data.changes import CHANGE_COLUMNS, Change
from scoring.open_data.columns import COLUMNS

EXPIRY_COLUMNS = ("row_id", "drop_after", "why")

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]

LICENCE: dict[str, Json] = {
    "name": "display-until",
    "title": "Free to use. A re-publisher drops a row once it is removed or expires, at latest after display_until.",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type, whether it is always filled, and what it says in both languages."""

    name: str
    kind: str  # string, integer or date, as both standards call them
    required: bool
    title: str
    title_zh: str
    enum: tuple[str, ...] = ()


_COLUMNS = {
    column.name: column
    for column in (
        Column("change", "string", True, "why the row is here", "变动原因", tuple(change.value for change in Change)),
        Column("row_id", "string", True, "random id of the row; says nothing of the person", "行编号(随机)"),
        Column("masked_name", "string", True, "name, masked", "姓名(脱敏)"),
        Column("category", "string", True, "category of the person", "人员类别"),
        Column("institution_code", "string", False, "institution: code", "机构代码"),
        Column("institution_name", "string", False, "institution: name", "机构名称"),
        Column("region", "string", False, "GB/T 2260 code of the institution's region", "行政区划代码"),
        Column("measure", "string", False, "measure; empty for points alone", "处理措施", ("suspend", "terminate")),
        Column("from", "date", False, "first day of the measure, else the day of the first points", "起始日"),
        Column("until", "date", False, "last day of the measure, else of the year", "截止日(含)"),
        Column("year", "integer", False, "the year of the points", "记分年度"),
        Column("points", "integer", False, "points of that year, where they are published", "年度累计记分"),
        Column("rulebook", "string", True, "rulebook and version", "规则集与版本"),
        Column("drop_after", "date", True, "last day on which the row may be shown", "最后公示日"),
        Column("why", "string", True, "display_until: as announced; else what became of the row", "依据"),
        Column("display_until", "date", False, "last day of display; empty: until a new registration", "公示截止日"),
    )
}


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file of a release: its name, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


def data_package(*, name: str, created: str, files: Sequence[FileFacts]) -> dict[str, Json]:
    """Return the Frictionless descriptor of a release, with the hash and size of each file."""
    return {
        "profile": "tabular-data-package" if all(file.name.endswith(".csv") for file in files) else "data-package",
        "name": name,
        "title": "Jifen open data",
        "created": created,
        "licenses": [LICENCE],
        "resources": [_resource(file) for file in files],
    }


def csv_on_the_web() -> dict[str, Json]:
    """Return the CSVW metadata of the two CSV files."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "dialect": {"encoding": "utf-8", "header": True},
        "tables": [
            {"url": "full.csv", "tableSchema": _csvw_schema(COLUMNS)},
            {"url": "delta.csv", "tableSchema": _csvw_schema(CHANGE_COLUMNS)},
            {"url": "expiry.csv", "tableSchema": _csvw_schema(EXPIRY_COLUMNS)},
        ],
    }


def columns_of(file_name: str) -> tuple[str, ...]:
    """Return the columns of a file by its name."""
    if file_name.startswith("expiry"):
        return EXPIRY_COLUMNS
    return CHANGE_COLUMNS if file_name.startswith("delta") else COLUMNS


def describe(names: Sequence[str]) -> list[Column]:
    """Return what is known of columns, for a page."""
    return [_COLUMNS[name] for name in names]


def _resource(file: FileFacts) -> dict[str, Json]:
    resource: dict[str, Json] = {
        "name": file.name.replace(".", "-"),
        "path": file.name,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "encoding": "utf-8",
    }
    if not file.name.endswith(".csv"):
        return resource | {"format": "ndjson", "mediatype": "application/x-ndjson"}
    is_delta = file.name.startswith("delta")
    schema: dict[str, Json] = {
        "fields": [_field(_COLUMNS[name], is_delta=is_delta) for name in columns_of(file.name)],
        "primaryKey": ["row_id"],
        "missingValues": [""],
    }
    return resource | {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "schema": schema}


def _field(column: Column, *, is_delta: bool) -> dict[str, Json]:
    # A delta leaves a row that is gone with nothing but its id.
    is_required = column.required and (not is_delta or column.name in ("change", "row_id"))
    constraints: dict[str, Json] = {"required": True} if is_required else {}
    if column.enum:
        constraints["enum"] = list(column.enum)
    if column.name == "row_id":
        constraints["unique"] = True
    return {
        "name": column.name,
        "type": column.kind,
        "title": column.title,
        "description": column.title_zh,
        "constraints": constraints,
    }


def _csvw_schema(names: Sequence[str]) -> dict[str, Json]:
    return {
        "columns": [
            {
                "name": column.name,
                "titles": column.name,
                "datatype": column.kind,
                "dc:description": [
                    {"@value": column.title, "@language": "en"},
                    {"@value": column.title_zh, "@language": "zh"},
                ],
            }
            for column in describe(names)
        ],
        "primaryKey": "row_id",
    }
