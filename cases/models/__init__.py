"""Case files, what they rest on, and who is held responsible. One noun per file."""

from cases.models.attribution import Attribution, AttributionLine, LineEvidence
from cases.models.basis import Basis
from cases.models.case_file import CaseFile
from cases.models.case_link import CaseLink
from cases.models.choices import BasisKind, Decision, Degree, ServiceKind, ServiceMethod, Source
from cases.models.evidence import Evidence, EvidenceAccess
from cases.models.finding import Finding
from cases.models.proposal import Countersignature, Proposal
from cases.models.scored_conduct import ScoredConduct
from cases.models.service import Service
from cases.models.statement import Statement

__all__ = [
    "Attribution",
    "AttributionLine",
    "Basis",
    "BasisKind",
    "CaseFile",
    "CaseLink",
    "Countersignature",
    "Decision",
    "Degree",
    "Evidence",
    "EvidenceAccess",
    "Finding",
    "LineEvidence",
    "Proposal",
    "ScoredConduct",
    "Service",
    "ServiceKind",
    "ServiceMethod",
    "Source",
    "Statement",
]
