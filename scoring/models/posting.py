"""The order of posting: one sequence for ledger entries and account events together."""

from __future__ import annotations

from django.db import models
from django.db.models.expressions import RawSQL

POSTING_SEQUENCE = "scoring_posting_seq"


class NextPosting(RawSQL):
    """``nextval`` of the posting sequence, as a column default."""

    def __init__(self) -> None:
        super().__init__(f"nextval('{POSTING_SEQUENCE}')", (), output_field=models.BigIntegerField())

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, object]]:
        """Migrations name this class, not its SQL."""
        return "scoring.models.posting.NextPosting", (), {}


def posting_field() -> models.BigIntegerField[int, int]:
    """A place in the order of posting, given by the database on insert."""
    return models.BigIntegerField(unique=True, editable=False, db_default=NextPosting())
