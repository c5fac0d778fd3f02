"""Letters that put something right or give something back: corrections, repairs, new registrations."""

from django.utils.translation import gettext as _

from institutions.letters import common
from institutions.letters.facts import Facts, listed, points
from institutions.letters.words import Paragraphs, Words, said


def correction_person(facts: Facts) -> Words:
    """What was told is not so any more."""
    return Words(
        what=said(_takes_back(facts), _points_now(facts)),
        why=said(*common.findings(facts)) or (_reason(facts),),
        clause=common.clauses(facts),
        effect=said(
            *common.status_of_you(facts),
            *_days_back(facts, _("Services of these days at %(institution)s are paid again: %(from)s to %(until)s.")),
            _("Everybody who was told before is told of this correction too."),
        ),
        objection=(_("If something is still wrong, tell us on your page or at the service desk; we put it right."),),
        repair=(_("Points that are gone need not be earned back."),),
    )


def correction_institution(facts: Facts) -> Words:
    """The institution of the case is put right."""
    return Words(
        what=said(_about(facts), _takes_back(facts), _points_now(facts)),
        why=(_reason(facts),),
        clause=common.clauses(facts) or (_("The clause told before no longer counts where the decision fell."),),
        effect=_put_right(facts),
        objection=(_("If something is still wrong, please tell the service desk."),),
    )


def correction_outside(facts: Facts) -> Words:
    """Whoever was told status and dates is told the new ones."""
    return Words(
        what=said(_about(facts), _takes_back(facts)),
        effect=_put_right(facts),
        objection=(_("If something is still wrong, please tell the service desk."),),
    )


def _points_now(facts: Facts) -> str:
    """What became of the points, by what happened to the decision."""
    values = {"gone": points(facts.number("points_withdrawn")), "left": points(facts.number("points_left"))}
    match facts.text("outcome"):
        case "reinstated":
            return _(
                "A higher court has put the decision back: its points and measures count again from their first day."
            )
        case "partly_annulled":
            return _("One of the findings fell. What it had brought falls with it; what is left stands.")
        case "varied":
            return _("%(gone)s are taken off; %(left)s are left.") % values
        case "set_aside":
            return _("The decision falls as a whole: no points are left of it.")
    return _("%(gone)s are taken off, as though never given.") % values if facts.number("points_withdrawn") else ""


def _reason(facts: Facts) -> str:
    if facts.text("outcome") == "reinstated":
        return _("The court that was asked last decided otherwise than the one before.")
    return _("The decision behind it fell, or was changed. What it caused is undone, days gone by included.")


def _days_back(facts: Facts, words: str) -> Paragraphs:
    """The days that are given back, site by site."""
    return tuple(
        words
        % {
            "name": facts.name,
            "institution": row.text("institution"),
            "from": row.day("from"),
            "until": row.day("until"),
        }
        for row in facts.rows("given_back")
    )


def _about(facts: Facts) -> str:
    return _("This letter is about %(name)s.") % {"name": facts.name}


def _takes_back(facts: Facts) -> str:
    numbers = facts.texts("corrects")
    if numbers:
        return _("This letter corrects what was told before (%(numbers)s). Please go by this one.") % {
            "numbers": listed(numbers)
        }
    return _("This letter corrects what was told before. Please go by this one.")


def _put_right(facts: Facts) -> Paragraphs:
    return said(
        *common.status_of_them(facts),
        *_days_back(facts, _("Claims for services of %(name)s from %(from)s to %(until)s can be submitted again.")),
        _(
            "Please undo in your systems what you entered because of the notices corrected, and tell "
            "whoever relied on them."
        ),
    )


def repair_person(facts: Facts) -> Words:
    """What became of an application to earn points back."""
    wrong = _("If something in it is wrong, tell us on your page or at the service desk.")
    match facts.text("outcome"):
        case "received":
            return Words(
                what=(
                    _("Your application %(receipt)s to earn points back has come in.")
                    % {"receipt": facts.text("receipt")},
                ),
                why=(_("An officer looks at what you sent in; you are told of the outcome, with the reasons."),),
                objection=(wrong,),
                repair=(_("How much you can earn back this year stands on your page."),),
            )
        case "refused":
            return Words(
                what=(
                    _("Your application %(receipt)s to earn points back could not be accepted.")
                    % {"receipt": facts.text("receipt")},
                ),
                effect=(_("Your points and your status stay as they were."),),
                objection=(_("You can apply again on your page, with what was missing."), wrong),
                repair=(_("How much you can earn back this year stands on your page."),),
            )
    return Words(
        what=said(
            _("You have earned points back: %(points)s.") % {"points": points(facts.number("points_repaired"))}
            if facts.has("points_repaired")
            else _("Your application to earn points back has been decided."),
        ),
        why=said(*common.findings(facts)) or (_("You took part, showed it, and it was accepted."),),
        effect=said(common.year_total(facts), *common.status_of_you(facts)),
        objection=(wrong,),
        repair=(_("How much you can earn back this year stands on your page."),),
    )


def repair_others(facts: Facts) -> Words:
    """A status may have changed by points earned back."""
    return Words(
        what=(_("%(name)s has earned points back.") % {"name": facts.name},),
        effect=common.status_of_them(facts),
    )


def registered_person(facts: Facts) -> Words:
    """What became of an application for a new registration after a bar."""
    match facts.text("outcome"):
        case "received":
            return Words(
                what=(
                    _("Application %(receipt)s to register you again has come in.")
                    % {"receipt": facts.text("receipt")},
                ),
                why=(
                    _("The bar is over, and you signed a new commitment. A second officer looks at the application."),
                ),
            )
        case "refused":
            return Words(
                what=(
                    _("Application %(receipt)s to register you again could not be accepted.")
                    % {"receipt": facts.text("receipt")},
                ),
                effect=(_("Your status stays as it was."),),
                objection=(
                    _("Your institution can apply again, with what was missing."),
                    _("If something in it is wrong, tell us on your page or at the service desk."),
                ),
            )
    return Words(
        what=(_("You are registered again. Thank you for your new commitment."),),
        why=(_("The bar is over, your institution applied, and a second officer approved it."),),
        effect=common.status_of_you(facts),
        objection=(
            _("There is nothing to object to. If a day is wrong, tell us on your page or at the service desk."),
        ),
        repair=(_("A bar served is served: earlier points cause nothing any more."),),
    )


def registered_others(facts: Facts) -> Words:
    """Sites of the person hear of it."""
    return Words(
        what=(_("%(name)s is registered again.") % {"name": facts.name},),
        why=(_("The bar is over, and the new registration was approved."),),
        effect=common.status_of_them(facts),
    )
