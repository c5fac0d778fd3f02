"""Writes a planned roster: one statement per table and kind of change, in batches."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import models

from institutions.models import Practitioner, Registration
from institutions.services.roster_plan import Plan

BATCH = 5000
ModelT = TypeVar("ModelT", bound=models.Model)

INSTITUTION_FIELDS = ("name", "kind", "region")
PERSON_FIELDS = ("name", "category", "pinyin", "initials", "id_number_digest", "is_provisional", "profile_changed_at")
SPELL_FIELDS = ("ends_on", "department", "position", "specialty", "commitment_on")


def apply_plan(plan: Plan) -> None:
    """Write every row of a plan, inside the caller's transaction.

    Spells are changed before new ones begin, so that one may end and the next start in the same roster. People at an
    institution whose name or place changed are marked as changed too, since their scorecards show it.
    """
    _insert(list(plan.new_institutions.values()))
    _update(list(plan.changed_institutions.values()), INSTITUTION_FIELDS)
    _insert(list(plan.new_people.values()))
    _update(list(plan.changed_people.values()), PERSON_FIELDS)
    _insert(plan.new_codes)
    _update(plan.changed_codes, ("source",))
    _update(plan.changed_spells, SPELL_FIELDS)
    _insert(plan.new_spells)
    if plan.changed_institutions:
        places = [institution.pk for institution in plan.changed_institutions.values()]
        there = Registration.objects.filter(institution_id__in=places).values("practitioner_id")
        Practitioner.objects.filter(pk__in=there).update(profile_changed_at=plan.now)


def _insert(rows: Sequence[ModelT]) -> None:
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)


def _update(rows: Sequence[ModelT], fields: tuple[str, ...]) -> None:
    if rows:
        type(rows[0])._default_manager.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=fields
        )
