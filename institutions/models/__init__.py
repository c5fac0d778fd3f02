"""Who: regions, institutions, people, users and roles; what was told to whom; what ran. One noun per file."""

from institutions.models.api_client import ApiClient, ApiKey, KeyScope
from institutions.models.append_only import AppendOnlyModel
from institutions.models.attempt_count import AttemptCount
from institutions.models.audit_event import AuditEvent
from institutions.models.calendar_day import CalendarDay
from institutions.models.clock_position import ClockPosition
from institutions.models.delegation import Delegation
from institutions.models.delivery import Channel, Delivery, DeliveryState
from institutions.models.institution import Institution, InstitutionKind
from institutions.models.job_run import JobOutcome, JobRun
from institutions.models.login_session import LoginSession
from institutions.models.notice import Notice, NoticeKind
from institutions.models.notice_token import NoticeToken
from institutions.models.pilot_region import PilotRegion
from institutions.models.practitioner import Category, Practitioner
from institutions.models.practitioner_code import CodeScheme, CodeSource, PractitionerCode
from institutions.models.practitioner_merge import MergeDecision, PractitionerMerge
from institutions.models.record_access import AccessDoor, LookupCount, RecordAccess
from institutions.models.region import Region
from institutions.models.registration import Registration
from institutions.models.role import Role, RoleAssignment, RoleScope
from institutions.models.roster_import import RosterImport, RosterImportState
from institutions.models.roster_upload import RosterUpload
from institutions.models.second_factor import RecoveryCode, SecondFactor
from institutions.models.service_desk import ServiceDesk
from institutions.models.upload import Upload, UploadState
from institutions.models.user import User
from institutions.models.work_claim import ClaimEnd, WorkClaim

__all__ = [
    "AccessDoor",
    "ApiClient",
    "ApiKey",
    "AppendOnlyModel",
    "AttemptCount",
    "AuditEvent",
    "CalendarDay",
    "Category",
    "Channel",
    "ClaimEnd",
    "ClockPosition",
    "CodeScheme",
    "CodeSource",
    "Delegation",
    "Delivery",
    "DeliveryState",
    "Institution",
    "InstitutionKind",
    "JobOutcome",
    "JobRun",
    "KeyScope",
    "LoginSession",
    "LookupCount",
    "MergeDecision",
    "Notice",
    "NoticeKind",
    "NoticeToken",
    "PilotRegion",
    "Practitioner",
    "PractitionerCode",
    "PractitionerMerge",
    "RecordAccess",
    "RecoveryCode",
    "Region",
    "Registration",
    "Role",
    "RoleAssignment",
    "RoleScope",
    "RosterImport",
    "RosterImportState",
    "RosterUpload",
    "SecondFactor",
    "ServiceDesk",
    "Upload",
    "UploadState",
    "User",
    "WorkClaim",
]
