"""Which rules apply where and when. Parsed packs are kept per process by their digest."""

from __future__ import annotations

from datetime import date
from functools import cached_property

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


class Rules:
    """The rules of one Shanghai date: the active versions are read when first asked, and each region is judged once."""

    def __init__(self, on: date) -> None:
        """Take the date; nothing is read yet."""
        self._on = on
        self._chosen: dict[str, Rulebook] = {}

    def of(self, region: str) -> Rulebook:
        """The rules that govern a GB/T 2260 region on the date; raises NoRulebook."""
        chosen = self._chosen.get(region)
        if chosen is None:
            try:
                chosen = choose_rulebook([_PARSED[digest] for digest in self._versions], region, self._on)
            except NoRuleInForce as refused:
                raise NoRulebook(str(refused), rule="choice of the rulebook", next_step=refused.next_step) from refused
            self._chosen[region] = chosen
        return chosen

    def version_of(self, region: str) -> RulebookVersion:
        """The version that holds these rules; raises NoRulebook."""
        return self._versions[self.of(region).digest]

    @cached_property
    def _versions(self) -> dict[str, RulebookVersion]:
        return {version.digest: version for version in _active()}


def _active() -> list[RulebookVersion]:
    """The activated versions, all of them parsed."""
    active = list(RulebookVersion.objects.filter(activated_at__isnull=False).defer("pack"))
    for version in active:
        if version.digest not in _PARSED:
            rulebook_of(version)  # reads the deferred pack, once per process
    return active


def version_for(region: str, on: date) -> RulebookVersion:
    """The activated version that governs a GB/T 2260 region on a Shanghai date; raises NoRulebook."""
    return Rules(on).version_of(region)


def rulebook_for(region: str, on: date) -> Rulebook:
    """The rules that govern a GB/T 2260 region on a Shanghai date; raises NoRulebook."""
    return Rules(on).of(region)


def rulebook_starts() -> list[date]:
    """The days on which any activated version begins: what a page says may change with the rules."""
    active = RulebookVersion.objects.filter(activated_at__isnull=False)
    return list(active.order_by("effective_from").values_list("effective_from", flat=True).distinct())
