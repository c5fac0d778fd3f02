"""A small case file as plain values, to be bent by tests, with its evidence beside it."""

import copy
import json
from pathlib import Path
from typing import Any

REASONING = "直接操作收费系统超标准收取检查费用,对违规使用基金负一般责任。"

CASE: dict[str, Any] = {
    "number": "试医保案〔2025〕901",
    "region": "150422",
    "source": "tip_off",
    "institution": {"code": "H15042200901", "name": "试验医院", "kind": "hospital"},
    "basis": {
        "kind": "administrative_penalty",
        "document": "试医保罚〔2025〕901号",
        "authority": "试验区医疗保障局",
        "decided_on": "2025-06-01",
        "articles": [38],
    },
    "amount": 1234.5,
    "findings": [
        {"id": "f1", "conduct": "over-charge", "title": "超标准收费", "from": "2025-01-01", "to": "2025-02-28"},
    ],
    "evidence": [{"id": "e1", "title": "收费对照表", "file": "evidence/charges.txt"}],
    "attributions": [
        {
            "practitioner": {"code": "N150422900001", "name": "宾某某", "category": "nurse"},
            "months": 2,
            "countersignature": "按当地负面清单记分。",
            "lines": [
                {
                    "finding": "f1",
                    "clause": "B1",
                    "degree": "general",
                    "points": 7,
                    "reasoning": REASONING,
                    "evidence": ["e1"],
                }
            ],
        },
        {
            "practitioner": {"name": "无码审核员", "category": "fee_reviewer"},
            "lines": [
                {"finding": "f1", "clause": "B1", "degree": "general", "points": 4, "reasoning": REASONING},
            ],
        },
    ],
}


def case_data(*path: str | int, value: Any = None, remove: bool = False) -> bytes:
    """Return the case file as JSON, with the value at a path replaced or removed."""
    case = copy.deepcopy(CASE)
    if path:
        target: Any = case
        for step in path[:-1]:
            target = target[step]
        if remove:
            del target[path[-1]]
        else:
            target[path[-1]] = value
    return json.dumps({"case": case}, ensure_ascii=False).encode()


def folder_with_evidence(folder: Path) -> Path:
    """Put the evidence below a folder and return it."""
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / "charges.txt").write_text("收费对照表\n", encoding="utf-8")
    return folder
