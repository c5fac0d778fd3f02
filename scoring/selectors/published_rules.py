"""What the rules let the public see: the versions that anybody may read, and the publication modes of regions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from institutions.errors import NotThere
from scoring.models import RulebookVersion
from scoring.policy.choice import NoRuleInForce, choose_rulebook
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import PublicationMode
from scoring.selectors.rulebooks import rulebook_of


def published_rulebook(rulebook: str, version: int) -> Rulebook:
    """Return an activated version; raises NotThere for a draft or an unknown one."""
    stored = RulebookVersion.objects.filter(rulebook=rulebook, version=version, activated_at__isnull=False).first()
    if stored is None:
        raise NotThere()
    return rulebook_of(stored)


def publication_modes(regions: Iterable[str], on: date) -> dict[str, PublicationMode]:
    """Return the mode of each GB/T 2260 region on a Shanghai date, in one query; closed where no rule is in force."""
    active = RulebookVersion.objects.filter(activated_at__isnull=False).defer("pack")
    rulebooks = [rulebook_of(version) for version in active]
    return {region: _mode(rulebooks, region, on) for region in regions}


def _mode(rulebooks: list[Rulebook], region: str, on: date) -> PublicationMode:
    try:
        return choose_rulebook(rulebooks, region, on).publication.mode
    except NoRuleInForce:
        return PublicationMode.CLOSED
