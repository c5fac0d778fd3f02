"""The officers' admin of `cases`: one file per noun of the work."""

from cases.admin import (
    appeals,
    case_uploads,
    case_work,
    institution_proposals,
    leads,
    person,
    person_file,
    repairs,
    retention,
    typical_cases,
)

__all__ = [
    "appeals",
    "case_uploads",
    "case_work",
    "institution_proposals",
    "leads",
    "person",
    "person_file",
    "repairs",
    "retention",
    "typical_cases",
]
