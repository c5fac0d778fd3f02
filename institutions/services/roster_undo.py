"""Undoing a bad import: its rows are taken out, the rows it changed are put back as they were, whole or not at all.

The row histories of the one transaction in which the import wrote say what that is. Nothing is undone over what
happened since: a row that was changed later, or that points, cases or notices refer to, stops the whole.
"""

from datetime import datetime
from uuid import UUID

import pghistory
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from institutions import permissions, published_files
from institutions.errors import Invalid, WrongState
from institutions.models import Institution, Practitioner, RosterImport, RosterImportState, User
from institutions.permissions import Permission
from institutions.selectors.roster import OF_RUN, TRACKED, UndoPreview, fields_of, history_of, preview_undo
from institutions.services import audit
from institutions.services.locks import lock_roster

REASON_LENGTH_MIN = 10


class NotUndoable(WrongState):
    """The import is not one that can be undone, or something later depends on it."""

    code = "roster-import-not-undoable"


@transaction.atomic
def undo_roster_import(*, record: RosterImport, reason: str, by: User | None, now: datetime) -> UndoPreview:
    """Put everything back as it was before an import; return what was done. A second call changes nothing.

    Look at `selectors.roster.preview_undo` first. Refuses (`NotUndoable`, with every reason) where anything later
    depends on a row of the import, an officer whose regions do not reach all of its institutions, and a reason of
    fewer than 10 characters.
    """
    permissions.ensure_permission(by, Permission.ROSTER_IMPORT)
    lock_roster()
    record = RosterImport.objects.select_for_update().get(pk=record.pk)
    if record.state == RosterImportState.UNDONE:
        return UndoPreview({}, {}, ())
    if record.state != RosterImportState.DONE:
        raise NotUndoable(_("Only an import that is done can be undone."), state=str(record.state))
    if len(reason.strip()) < REASON_LENGTH_MIN:
        raise Invalid(_("Say why, in at least %(length)d characters.") % {"length": REASON_LENGTH_MIN})
    _ensure_reach(record, by)
    preview = preview_undo(record)
    if preview.blockers:
        raise NotUndoable(
            _("Something later depends on this import."),
            state=_("%(count)d rows, at least") % {"count": len(preview.blockers)},
            errors=[{"model": item.model, "id": item.pk, "detail": item.reason} for item in preview.blockers],
            next_step=_("Take those back first, or correct the roster by a new import."),
        )
    with pghistory.context(roster_undo=record.pk):
        if record.context_id is not None:
            _take_back(record, now)
        record.state, record.undone_at, record.undone_by = RosterImportState.UNDONE, now, by
        record.undo_reason = reason.strip()
        record.save()
        audit.record_event(
            action="roster.import_undone",
            subject=record,
            by=by,
            now=now,
            reason=reason,
            detail={"removed": dict(preview.removed), "restored": dict(preview.restored)},
        )
    return preview


def _take_back(record: RosterImport, now: datetime) -> None:
    run: dict[str, UUID | datetime | None] = {"context": record.context_id, "changed_at": record.changed_at, "now": now}
    with connection.cursor() as cursor:
        for model in TRACKED:
            cursor.execute(_remove(model), run)
        for model in reversed(TRACKED):  # a spell that is put back needs the room of the one that was taken out
            cursor.execute(_restore(model), run)
        cursor.execute(TOUCH, run)
    published_files.withdraw_all()


def _remove(model: type[models.Model]) -> str:
    table, history = model._meta.db_table, history_of(model)
    return f"DELETE FROM {table} t USING {history} h WHERE h.id = t.id AND {OF_RUN} AND h.pgh_label = 'insert'"  # noqa: S608


def _restore(model: type[models.Model]) -> str:
    """Put rows back as the latest history before the import has them; rows it made itself are not restored."""
    table, history = model._meta.db_table, history_of(model)
    columns = [column for column in fields_of(model) if column != "profile_changed_at"]
    values = ", ".join(f'"{column}" = before."{column}"' for column in columns)
    return (
        f"UPDATE {table} t SET {values} FROM ("  # noqa: S608
        f"SELECT DISTINCT ON (b.id) b.* FROM {history} b "
        f"JOIN (SELECT id, min(pgh_id) AS first, bool_or(pgh_label = 'insert') AS is_made FROM {history} "
        f"WHERE {OF_RUN} GROUP BY id) AS run ON run.id = b.pgh_obj_id AND b.pgh_id < run.first AND NOT run.is_made "
        f"ORDER BY b.id, b.pgh_id DESC) AS before WHERE before.id = t.id"
    )


TOUCH = f"""
UPDATE {Practitioner._meta.db_table} SET profile_changed_at = %(now)s WHERE id IN (
  SELECT id FROM {history_of(Practitioner)} WHERE {OF_RUN})
"""  # noqa: S608  names of our tables

REACHED = f"""
SELECT DISTINCT i.region_id FROM {Institution._meta.db_table} i WHERE i.id IN (
  SELECT institution_id FROM institutions_registrationevent WHERE {OF_RUN}
  UNION SELECT id FROM {history_of(Institution)} WHERE {OF_RUN})
"""  # noqa: S608  names of our tables


def _ensure_reach(record: RosterImport, by: User | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(REACHED, {"context": record.context_id, "changed_at": record.changed_at})
        regions = [region for (region,) in cursor.fetchall()]
    for region in regions:
        permissions.ensure_permission(by, Permission.ROSTER_IMPORT, region=region)
