"""How the database states a rule it will not break: triggers that name the rule in their refusal.

A refusal carries SQLSTATE 23514 and the rule's name as the constraint, so that Django raises `IntegrityError` and a
person at psql reads which rule refused and why.
"""

import pgtrigger

BEFORE_WRITE = pgtrigger.Insert | pgtrigger.Update


def refusal(rule: str, sentence: str) -> str:
    """Return the PL/pgSQL statement that refuses with the rule's name and one sentence."""
    message = f"{sentence} (rule {rule})".replace("'", "''")
    return (
        "RAISE EXCEPTION USING ERRCODE = 'check_violation', "
        f"CONSTRAINT = '{rule}', TABLE = TG_TABLE_NAME, MESSAGE = '{message}';"
    )


def refuse_when(rule: str, operation: pgtrigger.Operation, test: str, sentence: str) -> pgtrigger.Trigger:
    """Build a BEFORE trigger that refuses a row for which the SQL test holds (NEW and OLD are at hand)."""
    last = "RETURN OLD;" if operation is pgtrigger.Delete else "RETURN NEW;"
    return pgtrigger.Trigger(
        name=rule,
        when=pgtrigger.Before,
        operation=operation,
        func=f"IF ({test}) THEN {refusal(rule, sentence)} END IF; {last}",
    )


def as_one(person: str, other: str, at: str, subject: str, key: str = "NEW.id") -> str:
    """Return the SQL test that two users count as one person in a matter at an instant (ADR 0051).

    `person` stands in for `other`, or `other` acted in this matter for `person` or for somebody for whom `person`
    stands in. `subject` is the audit's name of the kind of matter, `key` its row.
    """
    return f"institutions_as_one({person}, {other}, {at}, '{subject}', {key}::text)"


def newly(column: str) -> str:
    """Return the SQL test that this write fills or changes a column; later writes are not asked again."""
    return f"NEW.{column} IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.{column} IS DISTINCT FROM NEW.{column})"
