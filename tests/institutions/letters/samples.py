"""One notice of every kind, as its service writes it, for renders that are kept and looked at. All of it is made up."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from institutions.models import NoticeKind

ISSUED_AT = datetime(2025, 9, 26, 2, 0, tzinfo=UTC)
NAME = "𠮷䶮梅"
INSTITUTION = "示例市第一中医医院"

SUBJECT = {
    "subject_name": NAME,
    "practitioner_code": "D150422000007",
    "practitioner_slug": "abcdefghijklmnop",
}
DIGEST = "9f2c1e7a5b3d4f60718293a4b5c6d7e8f90112233445566778899aabbccddeef"
CLAUSE = [
    {
        "code": "D1",
        "title": "所在机构或科室因《条例》第四十条骗保情形受到行政处罚,本人负有责任",
        "title_en": (
            "The institution or department was penalised for fraud under Article 40 of the Regulation; "
            "the person bears "
            "responsibility"
        ),
    }
]
CASE = SUBJECT | {
    "institution_name": INSTITUTION,
    "what": "批量伪造检查报告和病历",
    "why": ["长期批量伪造检查报告和病历,对骗取基金起决定作用。"],
    "clause": CLAUSE,
    "lines": [
        {
            "title": "批量伪造检查报告和病历",
            "from": "2025-01-01",
            "to": "2025-03-31",
            "clause": "D1",
            "degree": "principal",
            "points": 10,
        }
    ],
    "evidence": ["报告比对表", "收费对照表"],
    "basis": {
        "kind": "administrative_penalty",
        "document": "示医保罚〔2025〕12号",
        "authority": "示例市医疗保障局",
        "decided_on": "2025-08-20",
    },
    "case_reference": "示医保案〔2025〕001",
    "contact": "示例市医疗保障局",
    "rulebook": "national@1",
    "rulebook_digest": DIGEST,
}
COUNTED = {
    "days_off": ["2025-10-01", "2025-10-02", "2025-10-03", "2025-10-06", "2025-10-07", "2025-10-08"],
    "make_up_days": ["2025-09-28"],
    "sources": [
        {
            "source": "国务院办公厅关于2025年部分节假日安排的通知",
            "source_en": "State Council announcement of the holidays of 2025",
        }
    ],
}
SUSPENDED = {
    "points": 10,
    "year": 2025,
    "total": 10,
    "effect": "suspended",
    "effect_from": "2025-09-27",
    "effect_until": "2026-01-26",
    "received_on": "2025-09-26",
}
TERMINATED = SUSPENDED | {"points": 12, "total": 12, "effect": "terminated", "effect_until": "2028-09-26"}
INTENT: dict[str, Any] = (
    CASE
    | SUSPENDED
    | {
        "statement_working_days": 5,
        "deadline_on": "2025-10-10",
        "deadline_provisional": False,
        "counted": COUNTED,
    }
)
RIGHTS = {"appeal_working_days": 10, "appeal_stays": False, "repair_rule": {"points": 1, "cap_per_year": 4}}
DECISION = (
    CASE
    | SUSPENDED
    | RIGHTS
    | {
        "decision": "decided",
        "why": ["陈述申辩期内未提出意见,事实清楚,证据充分,同意拟定的责任认定。"],
        "decided_on": "2025-09-26",
        "statements": [{"on": "2025-09-12", "answer": "所述排班情况已核实，不影响对报告来源的认定。"}],
        "deadline_on": "2025-10-17",
        "deadline_provisional": False,
        "counted": COUNTED,
    }
)
STATUS: dict[str, Any] = SUBJECT | {
    "effect": "suspended",
    "effect_from": "2025-09-27",
    "effect_until": "2026-01-26",
    "may_reapply": False,
}
BARRED = STATUS | {"effect": "terminated", "effect_until": "2028-09-26"}
NORMAL = STATUS | {"effect": "normal", "effect_from": None, "effect_until": None}
DETAILS: dict[str, Any] = {
    "points": 10,
    "year": 2025,
    "awarded": 10,
    "case_reference": "示医保案〔2025〕001",
    "clause": CLAUSE,
    "why": ["批量伪造检查报告和病历"],
    "rulebook": "national@1",
    "appeal_working_days": 10,
    "appeal_until_on": "2025-10-17",
    "appeal_stays": True,
    "repair_possible": False,
}
REMINDER = SUBJECT | DETAILS | {"points": 6, "awarded": 3, "at": 6}
APPEAL = CASE | {
    "receipt": "YY2025-000123",
    "level": 1,
    "filed_on": "2025-09-26",
    "is_late": False,
    "stays": False,
    "decision_due_on": "2025-10-31",
    "second_level": {"possible": False, "until": "", "open_after": "2025-11-14", "scope": "review"},
}
OUTCOME = APPEAL | {
    "outcome": "upheld",
    "reasons": ["申诉所述已逐项核对:两份材料与原始记录不符,责任程度认定适当。"],
    "points_before": 10,
    "points_after": 10,
    "lines": [],
    "second_level": {"possible": True, "until": "2025-10-17", "open_after": "", "scope": "review"},
}


@dataclass(frozen=True)
class Sample:
    """One notice: its kind and what its service would have put into it."""

    name: str
    kind: NoticeKind
    payload: dict[str, Any]


SAMPLES = (
    Sample("intent", NoticeKind.INTENT, INTENT),
    Sample("intent_no_measure", NoticeKind.INTENT, INTENT | {"points": 4, "total": 4, "effect": ""}),
    Sample("decision", NoticeKind.DECISION, DECISION),
    Sample("decision_terminated", NoticeKind.DECISION, DECISION | TERMINATED | {"repair_rule": None}),
    Sample("decision_no_points", NoticeKind.DECISION, CASE | {"decision": "rejected", "why": ["证据不足。"]}),
    Sample(
        "deadline",
        NoticeKind.DEADLINE,
        CASE | {"deadline_on": "2027-02-26", "statement_working_days": 5, "deadline_provisional": False},
    ),
    Sample("handover_intent", NoticeKind.HANDOVER, INTENT | {"letter": "JF2025-000001", "letter_kind": "intent"}),
    Sample("handover_decision", NoticeKind.HANDOVER, DECISION | {"letter": "JF2025-000002", "letter_kind": "decision"}),
    Sample("suspension", NoticeKind.STATUS_CHANGE, STATUS | DETAILS),
    Sample("termination", NoticeKind.STATUS_CHANGE, BARRED | DETAILS | {"points": 12, "awarded": 12}),
    Sample("merged", NoticeKind.STATUS_CHANGE, STATUS),
    Sample("restored", NoticeKind.RESTORED, NORMAL | {"measure": "suspend", "ended_on": "2025-09-25"}),
    Sample(
        "bar_over",
        NoticeKind.RESTORED,
        BARRED | {"measure": "terminate", "ended_on": "2025-09-25", "may_reapply": True},
    ),
    Sample("reminder", NoticeKind.REMINDER, REMINDER | {"at": 3, "points": 3}),
    Sample("interview", NoticeKind.INTERVIEW, REMINDER),
    Sample("key_supervision", NoticeKind.KEY_SUPERVISION, REMINDER),
    Sample(
        "correction",
        NoticeKind.CORRECTION,
        NORMAL
        | {
            "corrects": ["JF2025-000003", "JF2025-000005"],
            "outcome": "reversed",
            "points_withdrawn": 10,
            "points_left": 0,
            "given_back": [{"institution": INSTITUTION, "from": "2025-09-27", "until": "2025-10-09"}],
            "case_reference": "示医保案〔2025〕001",
        },
    ),
    Sample(
        "correction_varied",
        NoticeKind.CORRECTION,
        NORMAL | {"corrects": ["JF2025-000003"], "outcome": "varied", "points_withdrawn": 6, "points_left": 4},
    ),
    Sample(
        "correction_reinstated",
        NoticeKind.CORRECTION,
        STATUS | {"corrects": ["JF2025-000004"], "outcome": "reinstated", "points_withdrawn": -10, "points_left": 10},
    ),
    Sample(
        "partly_annulled",
        NoticeKind.CORRECTION,
        CASE | {"outcome": "partly_annulled", "why": ["行政复议撤销其中一项事实。"], "corrects": ["JF2025-000002"]},
    ),
    Sample(
        "set_aside",
        NoticeKind.CORRECTION,
        CASE | {"outcome": "set_aside", "why": ["行政复议撤销处罚决定。"], "points": 0, "corrects": ["JF2025-000002"]},
    ),
    Sample(
        "roster_watch",
        NoticeKind.ROSTER_WATCH,
        {
            "as_of": "2025-09-26",
            "still_registered": [
                {"name": NAME, "code": "D150422000007", "effect": "suspended", "until": "2026-01-26"},
                {"name": "李某", "code": "", "effect": "terminated", "until": "2028-09-26"},
            ],
        },
    ),
    Sample("repair", NoticeKind.REPAIR, NORMAL | {"points_repaired": 1, "points": 8, "year": 2025}),
    Sample("repair_received", NoticeKind.REPAIR, NORMAL | {"outcome": "received", "receipt": "XF2025-000007"}),
    Sample(
        "repair_refused",
        NoticeKind.REPAIR,
        NORMAL | {"outcome": "refused", "receipt": "XF2025-000007", "why": ["未附参加培训的证明。"]},
    ),
    Sample("reregistration", NoticeKind.REREGISTRATION, NORMAL),
    Sample(
        "reregistration_refused",
        NoticeKind.REREGISTRATION,
        BARRED | {"outcome": "refused", "receipt": "CD2025-000002", "why": ["服务承诺未签署。"]},
    ),
    Sample("appeal_filed", NoticeKind.APPEAL, APPEAL | {"step": "filed"}),
    Sample(
        "appeal_question",
        NoticeKind.APPEAL,
        APPEAL
        | {
            "step": "question",
            "question": "请说明一月份检查报告由谁录入。",
            "answer_due_on": "2025-10-10",
            "decision_due_on": "",
        },
    ),
    Sample("appeal_upheld", NoticeKind.APPEAL_OUTCOME, OUTCOME),
    Sample("appeal_overturned", NoticeKind.APPEAL_OUTCOME, OUTCOME | {"outcome": "overturned", "points_after": 0}),
    Sample(
        "appeal_varied",
        NoticeKind.APPEAL_OUTCOME,
        OUTCOME
        | {
            "outcome": "varied",
            "points_after": 4,
            "lines": [{"title": "批量伪造检查报告和病历", "clause": "D1", "points_before": 10, "points_after": 4}],
        },
    ),
)
