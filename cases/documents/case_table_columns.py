"""The columns of the table form: our names and Chinese headings, and where each stands in a case document. Pure."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from institutions.roster.columns import CATEGORIES, KINDS


class Column(StrEnum):
    """What a column of a case table holds. One row is one line of an attribution: a person, a finding, a clause."""

    CASE_NUMBER = "case_number"
    REGION = "region"
    SOURCE = "source"
    CASE_AMOUNT = "case_amount"
    LINKED_CASES = "linked_cases"
    INSTITUTION_CODE = "institution_code"
    INSTITUTION_NAME = "institution_name"
    INSTITUTION_KIND = "institution_kind"
    BASIS_KIND = "basis_kind"
    BASIS_DOCUMENT = "basis_document"
    BASIS_AUTHORITY = "basis_authority"
    BASIS_DECIDED_ON = "basis_decided_on"
    BASIS_ARTICLES = "basis_articles"
    FINDING = "finding"
    CONDUCT = "conduct"
    FINDING_TITLE = "finding_title"
    FINDING_AMOUNT = "finding_amount"
    FINDING_FROM = "finding_from"
    FINDING_TO = "finding_to"
    PERSON_CODE = "person_code"
    PERSON_NAME = "person_name"
    PERSON_CATEGORY = "person_category"
    PERSON_NUMBER = "person_number"
    MONTHS = "months"
    COUNTERSIGNATURE = "countersignature"
    CLAUSE = "clause"
    DEGREE = "degree"
    POINTS = "points"
    LINE_AMOUNT = "line_amount"
    REASONING = "reasoning"
    EVIDENCE = "evidence"
    REJECT_REASON = "reject_reason"


REQUIRED = (
    Column.CASE_NUMBER, Column.REGION, Column.SOURCE, Column.INSTITUTION_CODE, Column.BASIS_KIND, Column.BASIS_DOCUMENT,
    Column.BASIS_AUTHORITY, Column.BASIS_DECIDED_ON, Column.FINDING, Column.CONDUCT, Column.FINDING_TITLE,
    Column.FINDING_FROM, Column.FINDING_TO, Column.PERSON_NAME, Column.PERSON_CATEGORY, Column.CLAUSE, Column.DEGREE,
    Column.POINTS, Column.REASONING,
)  # fmt: skip

ALIASES: Mapping[Column, tuple[str, ...]] = {
    Column.CASE_NUMBER: ("案卷号", "案号"),
    Column.REGION: ("admdvs", "医保区划", "行政区划", "区划代码"),
    Column.SOURCE: ("线索来源",),
    Column.CASE_AMOUNT: ("涉案金额",),
    Column.LINKED_CASES: ("关联案卷",),
    Column.INSTITUTION_CODE: ("fixmedins_code", "机构编码", "机构代码"),
    Column.INSTITUTION_NAME: ("fixmedins_name", "机构名称"),
    Column.INSTITUTION_KIND: ("fixmedins_type", "机构类型", "机构类别"),
    Column.BASIS_KIND: ("处理依据", "依据种类"),
    Column.BASIS_DOCUMENT: ("文书号", "依据文书"),
    Column.BASIS_AUTHORITY: ("作出机关",),
    Column.BASIS_DECIDED_ON: ("作出日期",),
    Column.BASIS_ARTICLES: ("适用条款",),
    Column.FINDING: ("事实编号", "违规事实编号"),
    Column.CONDUCT: ("行为", "行为标识"),
    Column.FINDING_TITLE: ("违规事实",),
    Column.FINDING_AMOUNT: ("事实金额",),
    Column.FINDING_FROM: ("行为开始日期",),
    Column.FINDING_TO: ("行为结束日期",),
    Column.PERSON_CODE: ("prac_psn_code", "人员编码", "医保编码"),
    Column.PERSON_NAME: ("prac_psn_name", "姓名", "人员姓名"),
    Column.PERSON_CATEGORY: ("prac_psn_type", "人员类别"),
    Column.PERSON_NUMBER: ("人员序号",),
    Column.MONTHS: ("暂停月数",),
    Column.COUNTERSIGNATURE: ("超出幅度理由",),
    Column.CLAUSE: ("负面清单条款", "条款"),
    Column.DEGREE: ("责任程度",),
    Column.POINTS: ("记分",),
    Column.LINE_AMOUNT: ("本条金额",),
    Column.REASONING: ("认定理由",),
    Column.EVIDENCE: ("证据文件",),
    Column.REJECT_REASON: ("退回原因",),
}

# Where a column stands in a case document; list positions are left out.
PLACES: Mapping[str, Column] = {
    "case.number": Column.CASE_NUMBER,
    "case.region": Column.REGION,
    "case.source": Column.SOURCE,
    "case.amount": Column.CASE_AMOUNT,
    "case.linked": Column.LINKED_CASES,
    "case.institution": Column.INSTITUTION_CODE,
    "case.institution.code": Column.INSTITUTION_CODE,
    "case.institution.name": Column.INSTITUTION_NAME,
    "case.institution.kind": Column.INSTITUTION_KIND,
    "case.basis": Column.BASIS_DOCUMENT,
    "case.basis.kind": Column.BASIS_KIND,
    "case.basis.document": Column.BASIS_DOCUMENT,
    "case.basis.authority": Column.BASIS_AUTHORITY,
    "case.basis.decided_on": Column.BASIS_DECIDED_ON,
    "case.basis.articles": Column.BASIS_ARTICLES,
    "case.findings.id": Column.FINDING,
    "case.findings.conduct": Column.CONDUCT,
    "case.findings.title": Column.FINDING_TITLE,
    "case.findings.amount": Column.FINDING_AMOUNT,
    "case.findings.from": Column.FINDING_FROM,
    "case.findings.to": Column.FINDING_TO,
    "case.evidence.id": Column.EVIDENCE,
    "case.evidence.title": Column.EVIDENCE,
    "case.evidence.file": Column.EVIDENCE,
    "case.attributions.practitioner": Column.PERSON_CODE,
    "case.attributions.practitioner.code": Column.PERSON_CODE,
    "case.attributions.practitioner.name": Column.PERSON_NAME,
    "case.attributions.practitioner.category": Column.PERSON_CATEGORY,
    "case.attributions.months": Column.MONTHS,
    "case.attributions.countersignature": Column.COUNTERSIGNATURE,
    "case.attributions.lines": Column.FINDING,
    "case.attributions.lines.finding": Column.FINDING,
    "case.attributions.lines.clause": Column.CLAUSE,
    "case.attributions.lines.degree": Column.DEGREE,
    "case.attributions.lines.points": Column.POINTS,
    "case.attributions.lines.amount": Column.LINE_AMOUNT,
    "case.attributions.lines.reasoning": Column.REASONING,
    "case.attributions.lines.evidence": Column.EVIDENCE,
}

# The words officers write for what the document calls by code; any other word is left to the reader to refuse.
WORDS: Mapping[Column, Mapping[str, str]] = {
    Column.SOURCE: {
        "飞行检查": "flying_inspection", "智能监管": "smart_supervision", "追溯码": "traceability",
        "大数据": "big_data", "举报投诉": "tip_off", "投诉举报": "tip_off", "自查自纠": "self_check",
    },
    Column.BASIS_KIND: {
        "行政处罚": "administrative_penalty", "协议处理": "agreement_handling", "通报": "circular",
        "其他部门的处理决定": "other_authority_decision",
    },
    Column.DEGREE: {
        "一般": "general", "一般责任": "general", "重要": "important", "重要责任": "important", "主要": "principal",
        "主要责任": "principal",
    },
    Column.INSTITUTION_KIND: KINDS,
    Column.PERSON_CATEGORY: CATEGORIES,
}  # fmt: skip

_BY_HEADING = {alias: column for column, aliases in ALIASES.items() for alias in (column.value, *aliases)}


def column_for(heading: str) -> Column | None:
    """Return what a heading means, or None for a column that case tables do not have."""
    return _BY_HEADING.get(unicodedata.normalize("NFKC", heading).strip().lower())
