"""The columns of a roster: our names, the national platform's field codes, and Chinese headings. Pure; no Django."""

import unicodedata
from enum import StrEnum


class Column(StrEnum):
    """What a column of a roster holds."""

    INSTITUTION_CODE = "institution_code"
    INSTITUTION_NAME = "institution_name"
    INSTITUTION_KIND = "institution_kind"
    REGION = "region"
    CODE = "code"
    NAME = "name"
    CATEGORY = "category"
    DEPARTMENT = "department"
    POSITION = "position"
    SPECIALTY = "specialty"
    ID_NUMBER = "id_number"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    COMMITMENT_ON = "commitment_on"
    REJECT_REASON = "reject_reason"


REQUIRED = (Column.INSTITUTION_CODE, Column.NAME, Column.CATEGORY, Column.STARTS_ON)

ALIASES: dict[Column, tuple[str, ...]] = {
    Column.INSTITUTION_CODE: ("fixmedins_code", "定点医药机构编码", "定点医药机构编号", "机构编码", "机构代码"),
    Column.INSTITUTION_NAME: ("fixmedins_name", "定点医药机构名称", "机构名称"),
    Column.INSTITUTION_KIND: ("fixmedins_type", "定点医疗服务机构类型", "机构类型", "机构类别"),
    Column.REGION: ("admdvs", "region_code", "医保区划", "行政区划", "区划代码"),
    Column.CODE: ("prac_psn_code", "practitioner_code", "执业人员代码", "人员编码", "医保编码", "医师代码"),
    Column.NAME: ("prac_psn_name", "practitioner_name", "执业人员姓名", "姓名"),
    Column.CATEGORY: ("prac_psn_type", "人员类别", "执业人员分类", "类别"),
    Column.DEPARTMENT: ("dept_name", "科室名称", "科室"),
    Column.POSITION: ("professional_title", "职务", "职称"),
    Column.SPECIALTY: ("专业", "执业范围"),
    Column.ID_NUMBER: ("certno", "证件号码", "身份证号"),
    Column.STARTS_ON: ("begndate", "开始日期", "登记日期"),
    Column.ENDS_ON: ("enddate", "结束日期"),
    Column.COMMITMENT_ON: ("commitment_date", "服务承诺日期", "承诺书签署日期", "承诺日期"),
    Column.REJECT_REASON: ("退回原因",),
}

_BY_HEADING = {alias: column for column, aliases in ALIASES.items() for alias in (column.value, *aliases)}

KINDS: dict[str, str] = {
    "hospital": "hospital", "医院": "hospital", "卫生院": "hospital", "定点医疗机构": "hospital", "1": "hospital",
    "clinic": "clinic", "诊所": "clinic", "门诊部": "clinic", "卫生室": "clinic", "卫生服务站": "clinic",
    "pharmacy": "pharmacy", "药店": "pharmacy", "定点零售药店": "pharmacy", "零售药店": "pharmacy", "2": "pharmacy",
}  # fmt: skip

CATEGORIES: dict[str, str] = {
    "physician": "physician", "医师": "physician", "医生": "physician", "医保医师": "physician",
    "nurse": "nurse", "护士": "nurse", "医保护士": "nurse",
    "pharmacist": "pharmacist", "药师": "pharmacist", "医保药师": "pharmacist",
    "technician": "technician", "技师": "technician", "医保技师": "technician",
    "fee_reviewer": "fee_reviewer", "审核人员": "fee_reviewer", "费用审核人员": "fee_reviewer",
    "结算审核人员": "fee_reviewer",
    "pharmacy_principal": "pharmacy_principal", "药店主要负责人": "pharmacy_principal",
    "主要负责人": "pharmacy_principal",
}  # fmt: skip


def column_for(heading: str) -> Column | None:
    """Return what a heading means, or None for a column that rosters do not have."""
    return _BY_HEADING.get(unicodedata.normalize("NFKC", heading).strip().lower())
