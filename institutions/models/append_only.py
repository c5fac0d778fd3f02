"""Rows that are added and never changed: a clear refusal in Python, and the truth in a database trigger.

A child with a `Meta` of its own writes `class Meta(AppendOnlyModel.Meta)`, or the trigger is lost without a word;
`tests/institutions/test_append_only.py` asks PostgreSQL which triggers exist.
"""

from collections.abc import Iterable
from typing import NoReturn, TypeVar

import pgtrigger
from django.db import models
from django.db.models.base import ModelBase

from institutions.errors import WrongState

ModelT = TypeVar("ModelT", bound=models.Model)


class AppendOnly(WrongState):
    """History is added to, never edited: write a new row that names the old one and says why."""

    code = "append-only"


def _refuse(model: type[models.Model]) -> NoReturn:
    raise AppendOnly(f"{model._meta.object_name} rows are only added, never changed or deleted.")


class AppendOnlyQuerySet(models.QuerySet[ModelT]):
    """A queryset that reads and inserts."""

    def update(self, **kwargs: object) -> int:
        """Refuse: history is not edited."""
        _refuse(self.model)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: history is not deleted."""
        _refuse(self.model)


class AppendOnlyModel(models.Model):
    """A row that is inserted once and then only read."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers: list[pgtrigger.Trigger] = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Insert the row; refuse to save one that exists."""
        if not self._state.adding or force_update:
            _refuse(type(self))
        super().save(force_insert=True, using=using)

    def delete(self, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """Refuse: history is not deleted."""
        _refuse(type(self))
