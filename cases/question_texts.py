"""The words of the questions asked before a decision: what was noticed, and what the officer has to say to it."""

from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.models.choices import Degree
from cases.policy.consistency import NO_AMOUNT, Scope
from cases.policy.continuity import Sole
from cases.policy.responsibility import Gap, Role
from institutions.errors import Text
from institutions.json_types import Json
from institutions.models import Category
from scoring.policy.rulebook_parts import MeasureKind

ABOVE, BELOW = "above", "below"

_NOTICED: Mapping[str, Text] = {
    ABOVE: gettext_lazy(
        "%(points)s points are proposed for “%(finding)s” under %(clause)s (%(degree)s, %(band)s). "
        "That is more than is usual in %(scope)s: half of %(decisions)s decisions gave %(quarter)s to "
        "%(three_quarters)s, the middle one %(median)s."
    ),
    BELOW: gettext_lazy(
        "%(points)s points are proposed for “%(finding)s” under %(clause)s (%(degree)s, %(band)s). "
        "That is less than is usual in %(scope)s: half of %(decisions)s decisions gave %(quarter)s to "
        "%(three_quarters)s, the middle one %(median)s."
    ),
    Gap.ONLY_JUNIORS: gettext_lazy(
        "The case is about %(amount)s yuan, and only persons without a leading position are held responsible: %(held)s."
    ),
    Gap.ONLY_GENERAL: gettext_lazy(
        "The case is about %(amount)s yuan, and nobody is held responsible beyond general responsibility: %(held)s."
    ),
    Gap.NEVER_MANAGERS: gettext_lazy(
        "In %(cases)s cases of this institution within %(months)s months %(persons)s persons were held responsible, "
        "and none of them in a leading position."
    ),
    Sole.AT_SITE: gettext_lazy(
        "%(measure)s is intended, and by the register no other %(category)s is there and payable at %(site)s."
    ),
    Sole.OF_SPECIALTY: gettext_lazy(
        "%(measure)s is intended, and by the register no other %(category)s for %(specialty)s is there and payable "
        "in %(region)s."
    ),
}
_ASKED: Mapping[str, Text] = {
    ABOVE: gettext_lazy("What in this case calls for more points than others got?"),
    BELOW: gettext_lazy("What in this case calls for fewer points than others got?"),
    Gap.ONLY_JUNIORS: gettext_lazy(
        "Who ordered, allowed or profited from it, and why is nobody of them held responsible?"
    ),
    Gap.ONLY_GENERAL: gettext_lazy(
        "Who bears the important or the principal responsibility, and why is it nobody here?"
    ),
    Gap.NEVER_MANAGERS: gettext_lazy("Was the part of those who lead the institution looked into, and what was found?"),
    Sole.AT_SITE: gettext_lazy("Who treats the insured patients of this place while the measure runs?"),
    Sole.OF_SPECIALTY: gettext_lazy("Who treats the patients who need this specialty while the measure runs?"),
}
_CONSISTENCY: Mapping[str, Text] = {
    "points": gettext_lazy("Points proposed"),
    "band": gettext_lazy("Amount"),
    "scope": gettext_lazy("Compared with"),
    "decisions": gettext_lazy("Decisions in effect"),
    "quarter": gettext_lazy("A quarter gave at most"),
    "median": gettext_lazy("The middle one gave"),
    "three_quarters": gettext_lazy("Three quarters gave at most"),
}
_RESPONSIBILITY: Mapping[str, Text] = {
    "amount": gettext_lazy("Amount in yuan"),
    "held": gettext_lazy("Held responsible"),
    "degrees": gettext_lazy("Highest degree of each"),
    "roles": gettext_lazy("Where they stand"),
    "cases": gettext_lazy("Cases of the institution"),
    "persons": gettext_lazy("Persons held responsible in them"),
    "months": gettext_lazy("Months looked back"),
}
_CONTINUITY: Mapping[str, Text] = {
    "measure": gettext_lazy("Measure"),
    "months": gettext_lazy("Months"),
    "starts_on": gettext_lazy("From, if served today"),
    "site": gettext_lazy("Site"),
    "specialty": gettext_lazy("Specialty"),
    "others_at_site": gettext_lazy("Others of the category at the site"),
    "others_of_specialty": gettext_lazy("Others of the specialty in the region"),
}
_ROLES: Mapping[str, Text] = {
    Role.MANAGER: gettext_lazy("in a leading position"),
    Role.MEMBER: gettext_lazy("without a leading position"),
    Role.JUNIOR: gettext_lazy("junior"),
}
_MEASURES = {MeasureKind.SUSPEND: gettext_lazy("A suspension"), MeasureKind.TERMINATE: gettext_lazy("A termination")}
_SCOPES = {Scope.REGION: gettext_lazy("this province"), Scope.COUNTRY: gettext_lazy("the whole country")}


def noticed(rule: str, facts: Mapping[str, Json]) -> str:
    """Return what was noticed as one sentence in the active language."""
    return str(_NOTICED[rule]) % _shown(facts)


def asked(rule: str) -> str:
    """Return the question to the officer in the active language."""
    return str(_ASKED[rule])


def band_words(bounds: list[int], band: int) -> str:
    """Return a band of amounts in words."""
    if band == NO_AMOUNT:
        return _("amount not known")
    if not bounds:
        return _("any amount")
    if band == 0:
        return _("below %(above)s yuan") % {"above": f"{bounds[0]:,}"}
    if band >= len(bounds):
        return _("from %(least)s yuan") % {"least": f"{bounds[-1]:,}"}
    return _("%(least)s to %(above)s yuan") % {"least": f"{bounds[band - 1]:,}", "above": f"{bounds[band]:,}"}


def unanswered_words(count: int) -> str:
    """Say how many questions wait."""
    return ngettext("%(count)d question waits for an answer.", "%(count)d questions wait for an answer.", count) % {
        "count": count
    }


def rows(rule: str, facts: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Return the facts behind what was noticed, each with its name."""
    shown = _shown(facts)
    names = _CONSISTENCY if rule in (ABOVE, BELOW) else _CONTINUITY if rule in list(Sole) else _RESPONSIBILITY
    return [(str(label), str(shown[name])) for name, label in names.items() if shown.get(name) not in ("", None)]


def _shown(facts: Mapping[str, Json]) -> dict[str, object]:
    shown: dict[str, object] = dict(facts)
    if "band" in facts:
        bounds = facts.get("bands")
        shown["band"] = band_words(
            [int(str(bound)) for bound in bounds] if isinstance(bounds, list) else [], int(str(facts["band"]))
        )
        shown["degree"] = Degree(str(facts["degree"])).label
        shown["scope"] = _SCOPES[Scope(str(facts["scope"]))]
    if "held" in facts:
        shown["held"] = _counted(facts["held"], {item.value: item.label for item in Category})
        shown["degrees"] = _counted(facts["degrees"], {item.value: item.label for item in Degree})
        shown["roles"] = _counted(facts["roles"], _ROLES)
    if "measure" in facts:
        shown["measure"] = _MEASURES[MeasureKind(str(facts["measure"]))]
        shown["category"] = Category(str(facts["category"])).label
        shown["starts_on"] = date_format(date.fromisoformat(str(facts["starts_on"])))
    return shown


def _counted(counts: Json, labels: Mapping[str, Text]) -> str:
    """Return counts by word: “nurse × 2” needs no plural in either language."""
    pairs = counts if isinstance(counts, dict) else {}
    return ", ".join(f"{labels[name]} × {pairs[name]}" for name in sorted(pairs))
