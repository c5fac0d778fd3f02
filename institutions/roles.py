"""The roles that come with the product, as data.

Loaded into `Role` rows by `services.reference`; an administration may add roles of its own beside them.
"""

from dataclasses import dataclass

from institutions.models import RoleScope
from institutions.permissions import Permission


@dataclass(frozen=True, slots=True)
class BuiltinRole:
    """One role: its code, its Chinese name, what it is held over, and what it includes."""

    code: str
    name: str
    permissions: tuple[Permission, ...]
    scope: RoleScope = RoleScope.REGION


_READING = (
    Permission.CASE_VIEW,
    Permission.LEDGER_VIEW,
    Permission.REGISTRATION_VIEW,
    Permission.NOTICE_VIEW,
    Permission.JOB_VIEW,
)

BUILTIN_ROLES: tuple[BuiltinRole, ...] = (
    BuiltinRole(
        "inspector",
        "经办人员",
        (
            *_READING,
            Permission.EVIDENCE_VIEW,
            Permission.CASE_IMPORT,
            Permission.ROSTER_IMPORT,
            Permission.ATTRIBUTION_PROPOSE,
            Permission.ATTRIBUTION_SERVE,
            Permission.ASSESSMENT_OPEN,
            Permission.RULEBOOK_DRAFT,
            Permission.REPAIR_ENTER,
            Permission.REREGISTRATION_ENTER,
            Permission.EVIDENCE_REDACT,
            Permission.DATA_ANSWER,
            Permission.OWN_STATEMENT_MODERATE,
            Permission.LEAD_VIEW,
            Permission.LEAD_ENTER,
            Permission.LEAD_DECIDE,
            Permission.TYPICAL_VIEW,
            Permission.TYPICAL_DRAFT,
        ),
    ),
    BuiltinRole(
        "approver",
        "审批人员",
        (
            *_READING,
            Permission.EVIDENCE_VIEW,
            Permission.ATTRIBUTION_DECIDE,
            Permission.ATTRIBUTION_COUNTERSIGN,
            Permission.ATTRIBUTION_RELEASE,
            Permission.ASSESSMENT_OPEN,
            Permission.EVIDENCE_REDACT,
            Permission.DATA_ANSWER,
            Permission.OWN_STATEMENT_MODERATE,
            Permission.BASIS_ANNUL,
            Permission.REPAIR_DECIDE,
            Permission.REREGISTRATION_DECIDE,
            Permission.RULEBOOK_DRAFT,
            Permission.RULEBOOK_ACTIVATE,
            Permission.LEAD_VIEW,
            Permission.TIP_UNSEAL,
            Permission.TYPICAL_VIEW,
            Permission.TYPICAL_APPROVE,
        ),
    ),
    BuiltinRole(
        "appeal_officer",
        "异议处理人员",
        (*_READING, Permission.EVIDENCE_VIEW, Permission.APPEAL_DECIDE, Permission.APPEAL_ASSIGN),
    ),
    BuiltinRole(
        "expert",
        "专家",
        (Permission.CASE_VIEW, Permission.EVIDENCE_VIEW, Permission.APPEAL_OPINION, Permission.ASSESSMENT_OPINION),
    ),
    BuiltinRole(
        "publisher",
        "公示人员",
        (
            Permission.LEDGER_VIEW,
            Permission.JOB_VIEW,
            Permission.SCORECARD_PUBLISH,
            Permission.OWN_STATEMENT_MODERATE,
            Permission.TYPICAL_VIEW,
        ),
    ),
    BuiltinRole(
        "auditor",
        "审计人员",
        (
            *_READING,
            Permission.EVIDENCE_VIEW,
            Permission.AUDIT_VIEW,
            Permission.LEAD_VIEW,
            Permission.TYPICAL_VIEW,
            Permission.OVERSIGHT,
        ),
    ),
    BuiltinRole(
        "institution_hr",
        "机构人事",
        (
            Permission.NOTICE_READ,
            Permission.NOTICE_ACKNOWLEDGE,
            Permission.LETTER_HANDOVER,
            Permission.REGISTRATION_VIEW,
            Permission.REREGISTRATION_ENTER,
        ),
        RoleScope.INSTITUTION,
    ),
    BuiltinRole(
        "administrator",
        "系统管理员",
        (
            Permission.USER_MANAGE,
            Permission.CALENDAR_LOAD,
            Permission.DESK_MANAGE,
            Permission.CLAIM_END,
            Permission.AUDIT_VIEW,
            Permission.JOB_VIEW,
        ),
    ),
)
