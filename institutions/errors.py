"""Refusals. Each is a class named for what was refused and carries the facts; `config` turns it into HTTP.

403 = not you, 404 = not there for you, 409 = not now, 422 = not valid. Every message says what was refused, by which
rule, in which state, and what to do next.
"""

from collections.abc import Sequence
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from institutions.json_types import Json, JsonObject

Text: TypeAlias = str | Promise

PROBLEM_BASE = "urn:jifen:problem:"


class JifenError(Exception):
    """Something Jifen refuses to do. Subclasses set `status`, `code` and `title`."""

    status: int = 500
    code: str = "error"
    title: Text = _("The request was refused")

    def __init__(
        self,
        detail: Text = "",
        *,
        rule: str = "",
        state: str = "",
        next_step: Text = "",
        errors: Sequence[JsonObject] = (),
    ) -> None:
        """Carry the facts: the sentence, the rule or clause, the state now, what to do next, and field errors."""
        self.detail = detail or self.title
        self.rule = rule
        self.state = state
        self.next_step = next_step
        self.errors = list(errors)
        super().__init__(detail)

    def __str__(self) -> str:
        """Return the refusal as one line of text."""
        parts = [str(self.detail)]
        if self.next_step:
            parts.append(str(self.next_step))
        return " ".join(parts)

    def as_problem(self) -> dict[str, Json]:
        """Return the refusal as a problem document (RFC 9457); empty members are left out."""
        problem: dict[str, Json] = {
            "type": PROBLEM_BASE + self.code,
            "title": str(self.title),
            "status": self.status,
            "code": self.code,
            "detail": str(self.detail),
        }
        extras: dict[str, Json] = {
            "rule": self.rule,
            "state": self.state,
            "next_step": str(self.next_step),
            "errors": list(self.errors),
        }
        return problem | {key: value for key, value in extras.items() if value}


class Forbidden(JifenError):
    """Not you: the person lacks the permission, whatever the state."""

    status = 403
    code = "forbidden"
    title = _("You are not allowed to do this")


class KeyRefused(JifenError):
    """The key that was shown does not count: unknown, revoked or out of date."""

    status = 401
    code = "key-refused"
    title = _("The API key is not accepted")


class NotThere(JifenError):
    """Not there for you: it does not exist, or its existence is not yours to know."""

    status = 404
    code = "not-found"
    title = _("Not found")


class Withdrawn(JifenError):
    """It was there and is not any more, on purpose; whoever kept it lets it go."""

    status = 410
    code = "withdrawn"
    title = _("Withdrawn")


class WrongState(JifenError):
    """Not now: the thing exists and you may, but its present state does not admit the act."""

    status = 409
    code = "wrong-state"
    title = _("Not possible in the present state")


class ClockNotMovable(WrongState):
    """The clock may be moved in a demonstration and in tests only."""

    code = "clock-not-movable"
    title = _("The clock cannot be moved here")


class Invalid(JifenError):
    """Not valid: what was sent cannot be understood or contradicts what is known."""

    status = 422
    code = "invalid"
    title = _("What was sent is not valid")


class RuleRefused(Invalid):
    """Understood, but a rule of the rulebook or of the procedure refuses it; `rule` names it."""

    code = "rule-refused"
    title = _("A rule does not admit this")


class TooOften(JifenError):
    """Asked too often; try again later."""

    status = 429
    code = "too-often"
    title = _("Too many requests")
