"""The procedure's own ways of stating a rule in the database, beside those of every app."""

import pgtrigger

from institutions.models.refusing import BEFORE_WRITE, as_one, newly, refusal, refuse_when

__all__ = ["BEFORE_WRITE", "as_one", "changed", "never_delete", "newly", "refusal", "refuse_when"]


def never_delete(rule: str, sentence: str) -> pgtrigger.Trigger:
    """Build the trigger that keeps every row of a table."""
    return pgtrigger.Trigger(name=rule, when=pgtrigger.Before, operation=pgtrigger.Delete, func=refusal(rule, sentence))


def changed(*columns: str) -> str:
    """Return the SQL test that any of the columns differs between OLD and NEW."""
    return "(" + " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in columns) + ")"
