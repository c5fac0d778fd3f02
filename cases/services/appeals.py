"""The way of an appeal, act by act: the one door to the services that move it.

Each act lives in the file named for it; this page lists them in the order of the procedure.
"""

from cases.selectors.appeals import appeal_eligibility, elevation_eligibility
from cases.services.appeal_decisions import close_as_moot, decide, preview_points
from cases.services.appeal_experts import attach_opinion, declare_conflict
from cases.services.appeal_filing import answer, elevate, file_appeal, withdraw
from cases.services.appeal_hearing import accept, ask, assign, resume
from cases.services.appeal_watch import recompute_provisional_dates, watch_appeals
from cases.services.submissions import SentFile

__all__ = [
    "SentFile",
    "accept",
    "answer",
    "appeal_eligibility",
    "ask",
    "assign",
    "attach_opinion",
    "close_as_moot",
    "decide",
    "declare_conflict",
    "elevate",
    "elevation_eligibility",
    "file_appeal",
    "preview_points",
    "recompute_provisional_dates",
    "resume",
    "watch_appeals",
    "withdraw",
]
