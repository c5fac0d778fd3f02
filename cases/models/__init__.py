"""Case files, what they rest on, and who is held responsible. One noun per file."""

from cases.models.annulment import Annulment, AnnulmentEffect
from cases.models.appeal import Appeal
from cases.models.appeal_choices import MessageKind, Outcome
from cases.models.appeal_message import AppealMessage
from cases.models.attribution import Attribution, AttributionLine, LineEvidence
from cases.models.basis import Basis
from cases.models.case_closing import CaseClosing
from cases.models.case_file import CaseFile
from cases.models.case_link import CaseLink
from cases.models.case_upload import CaseUpload, CaseUploadKind
from cases.models.choices import BasisKind, Decision, Degree, ServiceKind, ServiceMethod, Source
from cases.models.concern_answer import ConcernAnswer, ConcernKind, ContinuityChoice
from cases.models.data_request import DataRequest, DataRequestKind, DataRequestOutcome
from cases.models.decision_hold import DecisionHold, HoldOutcome
from cases.models.deletion import DeletedThing, FileDeletion
from cases.models.evidence import Evidence, EvidenceAccess
from cases.models.expert import ConflictDeclaration, ExpertOpinion
from cases.models.expert_assessment import AssessmentOutcome, ExpertAssessment
from cases.models.finding import Finding
from cases.models.issued_letter import IssuedLetter
from cases.models.lead import Lead, Tip, TipOpening
from cases.models.preview_opening import PreviewOpening
from cases.models.proposal import Countersignature, Proposal
from cases.models.redacted_copy import RedactedCopy, RedactedOpening
from cases.models.repair import QuizAttempt, RepairApplication
from cases.models.repair_choices import Activity, RepairOutcome
from cases.models.reregistration import ReregistrationApplication
from cases.models.scored_cell import ScoredCell
from cases.models.scored_conduct import ScoredConduct
from cases.models.service import Service, ServiceReceipt
from cases.models.statement import Statement
from cases.models.submission import SubmittedFile
from cases.models.typical_case import TypicalCase
from cases.models.varied_line import VariedLine

__all__ = [
    "Activity",
    "Annulment",
    "AnnulmentEffect",
    "Appeal",
    "AppealMessage",
    "AssessmentOutcome",
    "Attribution",
    "AttributionLine",
    "Basis",
    "BasisKind",
    "CaseClosing",
    "CaseFile",
    "CaseLink",
    "CaseUpload",
    "CaseUploadKind",
    "ConcernAnswer",
    "ConcernKind",
    "ConflictDeclaration",
    "ContinuityChoice",
    "Countersignature",
    "DataRequest",
    "DataRequestKind",
    "DataRequestOutcome",
    "Decision",
    "DecisionHold",
    "Degree",
    "DeletedThing",
    "Evidence",
    "EvidenceAccess",
    "ExpertAssessment",
    "ExpertOpinion",
    "FileDeletion",
    "Finding",
    "HoldOutcome",
    "IssuedLetter",
    "Lead",
    "LineEvidence",
    "MessageKind",
    "Outcome",
    "PreviewOpening",
    "Proposal",
    "QuizAttempt",
    "RedactedCopy",
    "RedactedOpening",
    "RepairApplication",
    "RepairOutcome",
    "ReregistrationApplication",
    "ScoredCell",
    "ScoredConduct",
    "Service",
    "ServiceKind",
    "ServiceMethod",
    "ServiceReceipt",
    "Source",
    "Statement",
    "SubmittedFile",
    "Tip",
    "TipOpening",
    "TypicalCase",
    "VariedLine",
]
