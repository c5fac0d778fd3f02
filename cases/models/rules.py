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


def never_delete(rule: str, sentence: str) -> pgtrigger.Trigger:
    """Build the trigger that keeps every row of a table."""
    return pgtrigger.Trigger(name=rule, when=pgtrigger.Before, operation=pgtrigger.Delete, func=refusal(rule, sentence))


def changed(*columns: str) -> str:
    """Return the SQL test that any of the columns differs between OLD and NEW."""
    return "(" + " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in columns) + ")"
