"""What a question to the deciding officer is made of, and the rules by which it is asked."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from cases import question_texts
from cases.models import Attribution, CaseFile, ConcernAnswer, ConcernKind, ContinuityChoice
from cases.policy.concern_rules import ConcernRule, parse_rules, rule_on
from institutions.json_types import Json, JsonObject
from institutions.models import Practitioner

RULES = Path(__file__).resolve().parent.parent / "concern_rules" / "rules.yaml"


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing noticed about a case before its decision, with the question that it raises.

    `key` says what it is about, `digest` stands for the facts that weigh; an `answer` counts for that digest only.
    `attribution` is None where the whole case is asked about. Sentences are in the language active when they are read.
    """

    kind: ConcernKind
    rule: str
    case: CaseFile
    attribution: Attribution | None
    persons: tuple[Practitioner, ...]
    key: str
    facts: JsonObject
    digest: str
    must_answer: bool
    is_assumption: bool
    answer: ConcernAnswer | None = None
    earlier: tuple[ConcernAnswer, ...] = ()

    @property
    def sentence(self) -> str:
        """Say what was noticed."""
        return question_texts.noticed(self.rule, self.facts)

    @property
    def question(self) -> str:
        """Say what is asked."""
        return question_texts.asked(self.rule)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Return the facts behind it, each with its name."""
        return question_texts.rows(self.rule, self.facts)

    @property
    def waits(self) -> bool:
        """Say whether a decision has to wait for the answer."""
        return self.must_answer and self.answer is None

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return what can be arranged, where the question is about care."""
        if self.kind is not ConcernKind.CONTINUITY:
            return []
        return [(value, str(label)) for value, label in ContinuityChoice.choices]

    @property
    def anchor(self) -> str:
        """Return a short name for the place on a page."""
        return f"question-{hashlib.sha256(self.key.encode()).hexdigest()[:12]}"


def concern(
    kind: ConcernKind,
    rule: str,
    *,
    case: CaseFile,
    attribution: Attribution | None,
    persons: Sequence[Practitioner],
    facts: JsonObject,
    weighing: Sequence[str],
    about: str = "",
    is_assumption: bool,
) -> Concern:
    """Make a concern; `weighing` names the facts of which a change voids an answer, `about` the part it is about."""
    key = ":".join(filter(None, [kind.value, rule, str(attribution.pk) if attribution else "case", about]))
    digest = digest_of(key, {name: facts[name] for name in weighing})
    return Concern(
        kind=kind,
        rule=rule,
        case=case,
        attribution=attribution,
        persons=tuple(persons),
        key=key,
        facts=facts,
        digest=digest,
        must_answer=True,
        is_assumption=is_assumption,
    )


def digest_of(key: str, facts: Mapping[str, Json]) -> str:
    """Return the digest of what a question was asked about."""
    text = json.dumps([key, dict(facts)], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def concern_rules() -> tuple[ConcernRule, ...]:
    """Return the rules that come with the product, by date."""
    return tuple(parse_rules(yaml.safe_load(RULES.read_text(encoding="utf-8"))))


def concern_rule(on: date) -> ConcernRule:
    """Return the rules that hold on a day."""
    return rule_on(concern_rules(), on)
