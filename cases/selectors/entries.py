"""Following an attribution's entry through the ledger."""

from scoring.models import PointsEntry


def standing_entry(entry: PointsEntry) -> PointsEntry:
    """Return the award that stands today for an attribution's entry: itself, or what replaced it on variation."""
    replacement = PointsEntry.objects.filter(replaces=entry).first()
    while replacement is not None:
        entry, replacement = replacement, PointsEntry.objects.filter(replaces=replacement).first()
    return entry
