"""What the rules let a stranger see in regions on a day; a region in pilot shows nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from institutions.selectors import pilots
from scoring.policy.rulebook_parts import PublicationMode
from scoring.selectors.rulebooks import Rules


def publication_modes(regions: Iterable[str], on: date) -> dict[str, PublicationMode]:
    """The publication mode of each GB/T 2260 region on a Shanghai date; closed while it is in pilot."""
    prefixes, rules = pilots.prefixes(on), Rules(on)
    return {
        region: PublicationMode.CLOSED
        if prefixes and region.startswith(prefixes)
        else rules.of(region).publication.mode
        for region in regions
    }
