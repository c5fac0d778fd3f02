"""Row history by database triggers, for every model whose rows may change.

`@tracked()` keeps each inserted, changed and deleted row in a history table that is itself append-only, together with
the actor and request that the door put into `pghistory.context`. A change made by raw SQL leaves a row as well.
Triggers work on statements, so that a bulk load writes its history in one go.
"""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

ModelT = TypeVar("ModelT", bound=type[models.Model])


def tracked(*, exclude: list[str] | None = None) -> Callable[[ModelT], ModelT]:
    """Decorate a model so that its history is kept; `exclude` names columns not to copy (secrets)."""
    track: Callable[[ModelT], ModelT] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=exclude,
        append_only=True,
        level=pghistory.Statement,
    )
    return track
