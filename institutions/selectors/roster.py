"""Past roster imports: what one changed, by the row histories it left, and what stands in the way of undoing it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext as _

from institutions.models import Institution, Practitioner, PractitionerCode, Registration, RosterImport

# In the order in which rows are taken back: what refers to others first.
TRACKED: tuple[type[models.Model], ...] = (Registration, PractitionerCode, Practitioner, Institution)
BLOCKERS_MAX = 20
ALSO_WRITTEN = {"profile_changed_at"}  # a mark for publication, not a fact; later ones do not count as changes


@dataclass(frozen=True, slots=True)
class Blocker:
    """A row of the import that something later depends on."""

    model: str
    pk: str
    reason: str


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What an undo would do: rows taken out and rows put back by table, and what stands in the way (at most 20)."""

    removed: dict[str, int]
    restored: dict[str, int]
    blockers: tuple[Blocker, ...]


def history_of(model: type[models.Model]) -> str:
    """Return the table that keeps the row histories of a model."""
    return f"{model._meta.db_table}event"


def fields_of(model: type[models.Model]) -> list[str]:
    """Return the columns that a history row keeps, without the key."""
    return [str(field.column) for field in model._meta.concrete_fields if not field.primary_key]


def preview_undo(record: RosterImport) -> UndoPreview:
    """Return what undoing an import would do now. A run that wrote nothing has nothing to undo."""
    removed: dict[str, int] = {}
    restored: dict[str, int] = {}
    blockers: list[Blocker] = []
    for model in TRACKED:
        name = str(model._meta.verbose_name_plural)
        inserted, updated = _counts(model, record)
        removed[name], restored[name] = inserted, updated
        if inserted or updated:
            blockers += _changed_later(model, record)
        if inserted:
            blockers += _used_later(model, record)
    return UndoPreview(removed, restored, tuple(blockers[:BLOCKERS_MAX]))


def _counts(model: type[models.Model], record: RosterImport) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(DISTINCT id) FILTER (WHERE pgh_label = 'insert'), count(DISTINCT id) FILTER (WHERE "  # noqa: S608  names of our tables
            f"pgh_label = 'update' AND id NOT IN (SELECT id FROM {history_of(model)} WHERE {OF_RUN} "
            f"AND pgh_label = 'insert')) FROM {history_of(model)} WHERE {OF_RUN}",
            _run(record),
        )
        inserted, updated = cursor.fetchone()
        return int(inserted), int(updated)


def _changed_later(model: type[models.Model], record: RosterImport) -> list[Blocker]:
    """Rows of the import of which a fact is another now, or which are gone."""
    facts = [column for column in fields_of(model) if column not in ALSO_WRITTEN]
    same = " AND ".join(f't."{column}" IS NOT DISTINCT FROM last."{column}"' for column in facts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT last.id FROM (SELECT DISTINCT ON (id) * FROM {history_of(model)} "  # noqa: S608  names of our tables
            f"WHERE {OF_RUN} ORDER BY id, pgh_id DESC) last LEFT JOIN {model._meta.db_table} t ON t.id = last.id "
            f"WHERE t.id IS NULL OR NOT ({same}) LIMIT {BLOCKERS_MAX}",
            _run(record),
        )
        label = str(model._meta.verbose_name)
        return [Blocker(label, str(pk), _("It was changed after the import.")) for (pk,) in cursor.fetchall()]


def _used_later(model: type[models.Model], record: RosterImport) -> list[Blocker]:
    """Rows that the import made and that rows of other tables (points, cases, notices, …) refer to."""
    blockers = []
    ours = {other._meta.db_table for other in TRACKED}
    for relation in model._meta.related_objects:
        other = relation.related_model
        if relation.field.model is not other or hasattr(other, "pgh_tracked_model"):
            continue
        table, column = other._meta.db_table, relation.field.column
        made_too = ""
        if table in ours:  # rows that this import made itself go with it
            made_too = (
                f"AND other.id NOT IN (SELECT id FROM {history_of(other)} WHERE {OF_RUN} AND pgh_label = 'insert')"  # noqa: S608  names of our tables
            )
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT DISTINCT other."{column}" FROM {table} other JOIN {history_of(model)} made '  # noqa: S608  names of our tables
                f"ON made.id = other.\"{column}\" AND made.pgh_label = 'insert' "
                f"WHERE made.pgh_context_id = %(context)s AND made.pgh_created_at = %(changed_at)s {made_too} "
                f"LIMIT {BLOCKERS_MAX}",
                _run(record),
            )
            used_by = str(other._meta.verbose_name_plural)
            reason = _("It is referred to by: %(what)s.") % {"what": used_by}
            blockers += [Blocker(str(model._meta.verbose_name), str(pk), reason) for (pk,) in cursor.fetchall()]
    return blockers


OF_RUN = "pgh_context_id = %(context)s AND pgh_created_at = %(changed_at)s"


def _run(record: RosterImport) -> dict[str, UUID | datetime | None]:
    return {"context": record.context_id, "changed_at": record.changed_at}
