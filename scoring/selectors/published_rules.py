"""The rulebook versions that anybody may read."""

from __future__ import annotations

from institutions.errors import NotThere
from scoring.models import RulebookVersion
from scoring.policy.rulebook import Rulebook
from scoring.selectors.rulebooks import rulebook_of


def published_rulebook(rulebook: str, version: int) -> Rulebook:
    """Return an activated version; raises NotThere for a draft or an unknown one."""
    stored = RulebookVersion.objects.filter(rulebook=rulebook, version=version, activated_at__isnull=False).first()
    if stored is None:
        raise NotThere()
    return rulebook_of(stored)
