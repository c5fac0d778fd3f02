"""Rows of a case table as plain values, to be bent by tests."""

import csv
import io
from collections.abc import Mapping, Sequence

REASONING = "直接操作收费系统超标准收取检查费用,对违规使用基金负一般责任。"

ROW: dict[str, str] = {
    "case_number": "试医保案〔2025〕901",
    "region": "150422",
    "source": "tip_off",
    "institution_code": "H15042200901",
    "institution_name": "试验医院",
    "institution_kind": "hospital",
    "basis_kind": "administrative_penalty",
    "basis_document": "试医保罚〔2025〕901号",
    "basis_authority": "试验区医疗保障局",
    "basis_decided_on": "2025-06-01",
    "basis_articles": "38",
    "case_amount": "1234.5",
    "finding": "f1",
    "conduct": "over-charge",
    "finding_title": "超标准收费",
    "finding_from": "2025-01-01",
    "finding_to": "2025-02-28",
    "person_code": "N150422900001",
    "person_name": "宾某某",
    "person_category": "nurse",
    "clause": "B1",
    "degree": "general",
    "points": "4",
    "reasoning": REASONING,
}


def row(**changes: str) -> dict[str, str]:
    """A row with some cells changed."""
    return ROW | changes


def case_row(number: int, **changes: str) -> dict[str, str]:
    """The only row of the case of this number, with a person of its own."""
    own = {
        "case_number": f"试医保案〔2025〕{number:04d}",
        "basis_document": f"试医保罚〔2025〕{number:04d}号",
        "person_code": f"N150422{number:06d}",
    }
    return ROW | own | changes


def table(rows: Sequence[Mapping[str, str]], *, encoding: str = "utf-8-sig") -> bytes:
    """The rows as CSV."""
    headings = list(dict.fromkeys(heading for each in rows for heading in each))
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, headings, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode(encoding)
