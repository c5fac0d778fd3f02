"""Rulebook versions: loading the packs that come with the system."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from institutions.services import audit
from scoring.errors import PackChanged
from scoring.models import RulebookVersion
from scoring.policy import rulebook_files
from scoring.selectors.rulebooks import rulebook_for, version_for
from scoring.services import scorecards

__all__ = ["load_packs", "rulebook_for", "version_for"]


@transaction.atomic
def load_packs(*, now: datetime, directory: Path = rulebook_files.SHIPPED) -> int:
    """Store and activate every pack of the directory that is not stored yet; return how many were new.

    Refuses (PackChanged) a pack whose number is stored with another content: law that was once
    activated never changes, a correction is a new version.
    """
    stored = {(v.rulebook, v.version): v for v in RulebookVersion.objects.defer("pack")}
    created = 0
    for rulebook in rulebook_files.load_packs(directory):
        known = stored.get((rulebook.id, rulebook.version))
        if known is not None:
            if known.digest != rulebook.digest:
                raise PackChanged(
                    f"{rulebook.label} is stored with digest {known.digest[:12]}, the pack has {rulebook.digest[:12]}.",
                    rule="a version is immutable once activated",
                    next_step="Raise the pack's version and effective_from.",
                )
            continue
        version = RulebookVersion.objects.create(
            rulebook=rulebook.id,
            version=rulebook.version,
            jurisdiction=rulebook.jurisdiction,
            effective_from=rulebook.effective_from,
            is_repeal=rulebook.repeal,
            title=rulebook.title,
            pack=dict(rulebook.resolved),
            digest=rulebook.digest,
            activated_at=now,
        )
        audit.record_event(
            action="rulebook.activated", subject=version, by=None, now=now, detail={"digest": version.digest}
        )
        created += 1
    if created:
        scorecards.mark_all_dirty(now=now)  # what a page says may follow from other rules from now on
    return created
