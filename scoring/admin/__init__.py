"""The officers' admin of `scoring`: the ledger and what follows from it, and what persons say beside it."""

from scoring.admin import ledger, own_statements, rulebook_drafts

__all__ = ["ledger", "own_statements", "rulebook_drafts"]
