"""Which rules apply where and when. Parsed packs are kept per process by their digest."""

from __future__ import annotations

from datetime import date

from scoring.errors import NoRulebook
from scoring.models import RulebookVersion
from scoring.policy.choice import NoRuleInForce, choose_rulebook
from scoring.policy.rulebook import Rulebook, parse_rulebook

_PARSED: dict[str, Rulebook] = {}


def rulebook_of(version: RulebookVersion) -> Rulebook:
    """The rules of a stored version, parsed once per process (a digest never changes its meaning)."""
    rulebook = _PARSED.get(version.digest)
    if rulebook is None:
        rulebook = _PARSED[version.digest] = parse_rulebook(version.pack)
    return rulebook


def version_for(region: str, on: date) -> RulebookVersion:
    """The activated version that governs a GB/T 2260 region on a Shanghai date; raises NoRulebook."""
    active = list(RulebookVersion.objects.filter(activated_at__isnull=False).defer("pack"))
    for version in active:
        if version.digest not in _PARSED:
            rulebook_of(version)  # reads the deferred pack, once per process
    try:
        chosen = choose_rulebook([_PARSED[v.digest] for v in active], region, on)
    except NoRuleInForce as refused:
        raise NoRulebook(str(refused), rule="choice of the rulebook", next_step=refused.next_step) from refused
    return next(v for v in active if v.digest == chosen.digest)


def rulebook_for(region: str, on: date) -> Rulebook:
    """The rules that govern a GB/T 2260 region on a Shanghai date; raises NoRulebook."""
    return rulebook_of(version_for(region, on))


def rulebook_starts() -> list[date]:
    """The days on which any activated version begins: what a page says may change with the rules."""
    active = RulebookVersion.objects.filter(activated_at__isnull=False)
    return list(active.order_by("effective_from").values_list("effective_from", flat=True).distinct())
