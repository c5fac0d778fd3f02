"""What the rules refuse on an account, in a sentence for a person to read; the rule's own words stay in the trace."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scoring.policy.account import Refusal


def refusal_text(refusal: Refusal) -> str:
    """Say why an event has no effect, in the active language."""
    known = _sentences().get(refusal.rule)
    if known is None:
        return refusal.reason
    values = {name: _shown(value) for name, value in refusal.values.items()}
    if refusal.rule == "reregistration" and "until" not in values:
        return _("Only somebody whose payment qualification is terminated is registered anew.")
    return known % values


def _sentences() -> dict[str, str]:
    return {
        "repair": _("Points cannot be earned back under the rules that apply here."),
        "repair.points": _("At least one point is earned back at a time."),
        "repair.cap_per_year": _(
            "%(credited)s points of %(year)s were earned back already; in one year it can be %(cap)s at most."
        ),
        "repair.total": _("There are only %(total)s points of %(year)s on the account: no more can be earned back."),
        "repair.excluded.single_full": _(
            "In %(year)s one decision gave %(points)s points in one go; after that nothing can be earned back "
            "that year."
        ),
        "repair.excluded.articles": _(
            "A decision of %(year)s rests on Article %(articles)s of the Regulation; after that nothing can be earned "
            "back that year."
        ),
        "reregistration": _(
            "The bar runs until %(until)s, that day included; registration is possible from the day after."
        ),
    }


def _shown(value: object) -> object:
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return value
