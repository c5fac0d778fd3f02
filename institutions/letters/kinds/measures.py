"""Letters about measures and reminders: what changed, from when, until when."""

from django.utils.translation import gettext as _

from institutions.letters import common
from institutions.letters.facts import Facts, points
from institutions.letters.letter import Audience
from institutions.letters.words import Paragraphs, Words, said


def status_person(facts: Facts) -> Words:
    """A measure applies."""
    return Words(
        what=said(
            _("The decision in case %(case)s has taken effect: %(points)s.")
            % {"case": facts.text("case_reference"), "points": points(facts.number("awarded"))}
            if facts.has("case_reference", "awarded")
            else _("Your payment qualification has changed."),
            *common.status_of_you(facts)[:1],
        ),
        why=said(
            *(_("It is about: %(what)s.") % {"what": title} for title in facts.texts("why")),
            common.year_total(facts),
        ),
        clause=common.clauses(facts),
        effect=common.status_of_you(facts)[1:],
        objection=(
            (*common.appeal_against_earlier(facts), common.own_page()) if facts.has("appeal_working_days") else ()
        ),
        repair=common.repair_rule(facts) if facts.has("rulebook") else (),
    )


def status_institution(facts: Facts) -> Words:
    """A measure applies to somebody of the case's institution."""
    return Words(
        what=said(
            *common.status_of_them(facts)[:1],
            _("It follows from case %(case)s.") % {"case": facts.text("case_reference")}
            if facts.has("case_reference")
            else "",
        ),
        why=said(
            *(_("It is about: %(what)s.") % {"what": title} for title in facts.texts("why")),
            common.year_total(facts),
        ),
        effect=common.status_of_them(facts)[1:],
    )


def status_outside(facts: Facts) -> Words:
    """Status and dates, and for authorities the points and the clause."""
    return Words(
        what=common.status_of_them(facts)[:1],
        effect=said(
            *common.status_of_them(facts)[1:],
            common.year_total(facts) if facts.audience is Audience.AUTHORITY else "",
        ),
    )


def restored_person(facts: Facts) -> Words:
    """A measure has run out."""
    return Words(
        what=said(_ended(facts, _("Your suspension ended on %(day)s."), _("Your bar ended on %(day)s."))),
        why=(_("It had run its time. Nobody had to apply for this."),),
        effect=common.status_of_you(facts),
        objection=(
            _("There is nothing to object to. If a day is wrong, tell us on your page or at the service desk."),
        ),
    )


def restored_others(facts: Facts) -> Words:
    """A measure of somebody has run out."""
    ended = _ended(facts, _("The suspension of %(name)s ended on %(day)s."), _("The bar of %(name)s ended on %(day)s."))
    return Words(
        what=said(ended),
        why=(_("It had run its time."),),
        effect=common.status_of_them(facts),
        objection=(_("If a day is wrong, please tell the service desk."),),
    )


def _ended(facts: Facts, suspended: str, barred: str) -> str:
    words = barred if facts.text("measure") == "terminate" else suspended
    return words % {"name": facts.name, "day": facts.day("ended_on")} if facts.has("ended_on") else ""


def reminder_person(facts: Facts) -> Words:
    """A talk, to prevent more."""
    return _reminder_person(
        facts,
        _("Your institution will invite you to a short talk about the rules. It is meant to help, not to punish."),
    )


def interview_person(facts: Facts) -> Words:
    """An interview."""
    return _reminder_person(
        facts,
        _("You will be invited to an interview about the rules. You can say your side there."),
    )


def supervision_person(facts: Facts) -> Words:
    """Closer looks."""
    return _reminder_person(
        facts,
        _(
            "For the rest of the year your services under the insurance are looked at more closely. "
            "You go on working as before."
        ),
    )


def _reminder_person(facts: Facts, what_happens: str) -> Words:
    return Words(
        what=said(_reached(facts), what_happens),
        why=said(
            *(_("The latest points are about: %(what)s.") % {"what": title} for title in facts.texts("why")),
            common.year_total(facts),
        ),
        effect=(_("Your payment qualification is not changed by this. A reminder like this comes once in a year."),),
        objection=said(
            _("A reminder is not a new decision. You can appeal against the decision that gave the points."),
            *common.appeal_against_earlier(facts)[1:],
        ),
        repair=common.repair_rule(facts) if facts.has("rulebook") else (),
    )


def _reached(facts: Facts) -> str:
    if not facts.has("year", "at"):
        return ""
    return _("Your points of %(year)s have reached %(at)s.") % {
        "year": facts.text("year"),
        "at": points(facts.number("at")),
    }


def reminder_institution(facts: Facts) -> Words:
    """The institution holds the talk."""
    return _reminder_institution(
        facts,
        _("Please hold a reminder talk with %(name)s, go through the rules together, and keep a note of it.")
        % {"name": facts.name},
    )


def interview_institution(facts: Facts) -> Words:
    """The institution sees to the interview."""
    return _reminder_institution(
        facts,
        _("Please arrange an interview with %(name)s and keep a note of it.") % {"name": facts.name},
    )


def supervision_institution(facts: Facts) -> Words:
    """The institution looks more closely."""
    return _reminder_institution(
        facts,
        _("Please look more closely at the insurance services of %(name)s for the rest of the year.")
        % {"name": facts.name},
    )


def _reminder_institution(facts: Facts, what_to_do: str) -> Words:
    return Words(
        what=(what_to_do,),
        why=said(_reached_by_them(facts), *_about(facts)),
        effect=(_("The payment qualification is not changed by this."),),
        objection=(
            _("A reminder is not a new decision. The right to appeal against the decision lies with the person."),
        ),
    )


def _reached_by_them(facts: Facts) -> str:
    if not facts.has("year", "at"):
        return ""
    return _("The points of %(year)s have reached %(at)s.") % {
        "year": facts.text("year"),
        "at": points(facts.number("at")),
    }


def _about(facts: Facts) -> Paragraphs:
    return tuple(_("It is about: %(what)s.") % {"what": title} for title in facts.texts("why"))


def reminder_outside(facts: Facts) -> Words:
    """Other sites of the person hear that there was a reminder, and nothing of the case."""
    return Words(
        what=(_("%(name)s has been reminded of the rules of the medical insurance.") % {"name": facts.name},),
        effect=(
            _("The payment qualification is not changed by this. Please support the person in keeping to the rules."),
        ),
    )
