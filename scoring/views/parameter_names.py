"""What the parameters of a rulebook are called on the pages: from the path in the pack to words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES: dict[str, Promise] = {
    "effective_from": gettext_lazy("first day of these rules"),
    "categories": gettext_lazy("categories of persons in scope"),
    "cycle": gettext_lazy("period after which points start again at 0"),
    "conduct_cutoff": gettext_lazy("day from which acts are scored"),
    "points_dated_by": gettext_lazy("date that decides in which year points count"),
    "same_conduct": gettext_lazy("several items about one act"),
    "single_scope": gettext_lazy("what counts as “in one go”"),
    "clauses": gettext_lazy("negative list"),
    "measures.reminders": gettext_lazy("reminders"),
    "measures.suspend": gettext_lazy("suspension"),
    "measures.suspend.at": gettext_lazy("suspension from"),
    "measures.suspend.months": gettext_lazy("months of suspension"),
    "measures.suspend.months.cumulative": gettext_lazy("months of suspension, points added up over the year"),
    "measures.suspend.months.single": gettext_lazy("months of suspension, points of one decision"),
    "measures.suspend.further_points": gettext_lazy("further points in the same year"),
    "measures.full": gettext_lazy("full points"),
    "measures.full.at": gettext_lazy("full points"),
    "measures.full.cumulative": gettext_lazy("full points, added up over the year"),
    "measures.full.single": gettext_lazy("full points in one decision"),
    "effect_starts": gettext_lazy("first day of a measure"),
    "termination_end": gettext_lazy("how a termination ends"),
    "statement_working_days": gettext_lazy("time to state one's case before the decision"),
    "appeal_working_days": gettext_lazy("time to appeal after the decision"),
    "appeal_stays": gettext_lazy("effect of an appeal on a running measure"),
    "appeal": gettext_lazy("course of an appeal"),
    "appeal.decide_working_days": gettext_lazy("time to decide an appeal"),
    "appeal.answer_working_days": gettext_lazy("time to answer a question about an appeal"),
    "appeal.silence_working_days": gettext_lazy("second level open after silence of"),
    "appeal.second_level_working_days": gettext_lazy("time to go to the second level after a refusal"),
    "service": gettext_lazy("ways of service"),
    "service.public_notice_days": gettext_lazy("a letter made public is served after"),
    "hold": gettext_lazy("grave decisions that another officer releases"),
    "hold.release_working_days": gettext_lazy("time to release a grave decision before it is served"),
    "repair": gettext_lazy("earning points back"),
    "institution_alerts": gettext_lazy("share of staff under a measure"),
    "publication": gettext_lazy("publication"),
    "publication.mode": gettext_lazy("what the public may see"),
    "publication.points": gettext_lazy("points shown to the public"),
    "publication.publish_after": gettext_lazy("when a decision is published"),
    "publication.display": gettext_lazy("how long things are shown"),
}


def parameter_name(path: str) -> str:
    """Return the name of the parameter at a path of the pack, or of the nearest one above it that has a name."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        name = NAMES.get(".".join(parts[:length]))
        if name is not None:
            return str(name)
    return _("another parameter")
