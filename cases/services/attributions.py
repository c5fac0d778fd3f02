"""The way of an attribution, act by act: the one door to the services that move it.

Each act lives in the file named for it; this page lists them in the order of the procedure.
"""

from cases.services.annulments import annul_basis, annul_finding
from cases.services.batches import propose_several, serve_several
from cases.services.countersignatures import countersign
from cases.services.deadlines import recompute_provisional_deadlines, watch_deadlines
from cases.services.decisions import decide, serve_decision
from cases.services.effects import make_due_attributions_effective, make_effective
from cases.services.expert_assessments import decline, give_opinion, open_assessment
from cases.services.expert_assessments import withdraw as withdraw_assessment
from cases.services.holds import release, send_back
from cases.services.intents import serve_intent
from cases.services.lines import LineInput
from cases.services.proposals import create_draft, create_draft_provisionally, edit_lines, propose, return_for_changes
from cases.services.reinstatements import reinstate_basis
from cases.services.statements import answer_statement, record_statement
from cases.services.withdrawals import resume, withdraw

__all__ = [
    "LineInput",
    "annul_basis",
    "annul_finding",
    "answer_statement",
    "countersign",
    "create_draft",
    "create_draft_provisionally",
    "decide",
    "decline",
    "edit_lines",
    "give_opinion",
    "make_due_attributions_effective",
    "make_effective",
    "open_assessment",
    "propose",
    "propose_several",
    "recompute_provisional_deadlines",
    "record_statement",
    "reinstate_basis",
    "release",
    "resume",
    "return_for_changes",
    "send_back",
    "serve_decision",
    "serve_intent",
    "serve_several",
    "watch_deadlines",
    "withdraw",
    "withdraw_assessment",
]
