"""The steps of a why-trace in words: the rule by its name, what followed with its dates; the arithmetic as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.policy.account import TraceLine
from scoring.templatetags.pages import day
from scoring.views.parameter_names import parameter_name

OUTCOMES: dict[str, Promise] = {
    "nothing": gettext_lazy("nothing follows"),
    "refused": gettext_lazy("refused"),
    "no effect": gettext_lazy("without effect"),
    "shortened": gettext_lazy("suspensions shortened"),
    "normal": gettext_lazy("qualified again"),
    "remind": gettext_lazy("reminder talk"),
    "interview": gettext_lazy("interview"),
    "key_supervision": gettext_lazy("key supervision"),
}
MEASURES: dict[str, Promise] = {"suspend": gettext_lazy("suspension"), "terminate": gettext_lazy("termination")}
RUN = re.compile(r"(suspend|terminate) (\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")
END = re.compile(r"end on (\d{4}-\d\d-\d\d)")


@dataclass(frozen=True)
class Step:
    """One step: the rule by name and by its place in the pack, the version, the arithmetic, and what followed."""

    on: date
    rule: str
    place: str
    rulebook: str
    parameters: str
    arithmetic: str
    outcome: str


def step_of(line: TraceLine) -> Step:
    """Put a line of the trace into words, in the language that is active."""
    return Step(
        on=line.on,
        rule=parameter_name(line.rule),
        place=line.rule,
        rulebook=line.rulebook,
        parameters=", ".join(f"{name} = {value}" for name, value in line.parameters.items()),
        arithmetic=line.arithmetic,
        outcome=_outcome(str(line.outcome)),
    )


def _outcome(text: str) -> str:
    if text in OUTCOMES:
        return str(OUTCOMES[text])
    if run := RUN.fullmatch(text):
        kind, first, last = run.groups()
        dates = {"kind": MEASURES[kind], "first": day(first), "last": day(last)}
        return _("%(kind)s from %(first)s to %(last)s") % dates
    if end := END.fullmatch(text):
        return _("the suspension ends on %(day)s") % {"day": day(end.group(1))}
    return text
