"""Refusals of the scoring app, each named for what was refused."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from institutions.errors import Invalid, RuleRefused, WrongState


class NothingToScore(RuleRefused):
    """Every line of the decision adds nothing; ``errors`` names each line's reason."""

    code = "nothing-to-score"
    title = _("No line of this decision can be scored")


class SourceKeyTaken(WrongState):
    """A posting with the same cause exists with other facts: a retry must repeat the same facts."""

    code = "source-key-taken"
    title = _("This cause was already posted with other facts")


class NotAnOpenAward(WrongState):
    """Only a standing award is reversed or varied, once."""

    code = "not-an-open-award"
    title = _("This entry is not a standing award")


class EventRefused(RuleRefused):
    """The rules give this event no effect; ``detail`` carries the reason."""

    code = "event-refused"
    title = _("The rules refuse this")


class PackChanged(Invalid):
    """A pack differs from the version activated under the same number: raise its version instead."""

    code = "pack-changed"
    title = _("A rulebook version never changes once it is active")


class NoRulebook(RuleRefused):
    """No rulebook is in force for the region on the date."""

    code = "no-rule-in-force"
    title = _("No rulebook is in force there on that date")
