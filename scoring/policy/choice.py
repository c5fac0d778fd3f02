"""Which rules apply: the most local jurisdiction with a version in force on the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from scoring.policy.rulebook import Rulebook


class NoRuleInForce(LookupError):
    """No rulebook covers a region on a day. Carries what was asked (`region`, `on`) and what to do
    (`next_step`).
    """

    def __init__(self, region: str, on: date) -> None:
        self.region = region
        self.on = on
        self.next_step = (
            f"Activate a rulebook whose jurisdiction begins {region!r} or is national and whose effective_from is not "
            f"after {on}, or check the date on which the decision took effect."
        )
        super().__init__(f"no rule in force for region {region!r} on {on}. {self.next_step}")


def choose_rulebook(rulebooks: Iterable[Rulebook], region: str, on: date) -> Rulebook:
    """The version that applies to an institution of `region` (GB/T 2260 code) on the day an award takes
    effect.

    Among packs whose jurisdiction begins the region's code: the longest one with a version in force that
    day. A version runs until the next of its jurisdiction; before the first, and from a repeal on, a
    shorter jurisdiction applies. Refuses (`NoRuleInForce`) where nothing applies; never returns a
    repealed version.
    """
    latest: dict[str, Rulebook] = {}
    for rulebook in rulebooks:
        if not region.startswith(rulebook.jurisdiction) or rulebook.effective_from > on:
            continue
        known = latest.get(rulebook.jurisdiction)
        if known is None or known.effective_from < rulebook.effective_from:
            latest[rulebook.jurisdiction] = rulebook
    for jurisdiction in sorted(latest, key=len, reverse=True):
        if not latest[jurisdiction].repeal:
            return latest[jurisdiction]
    raise NoRuleInForce(region, on)
