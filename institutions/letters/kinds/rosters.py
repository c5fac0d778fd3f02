"""The monthly letter of the roster watch: who is still registered while a measure applies."""

from django.utils.translation import gettext as _

from institutions.letters.facts import Facts, named
from institutions.letters.words import Paragraphs, Words, said


def watch_person(facts: Facts) -> Words:
    """The watch is a matter of institutions; a person is never sent one."""
    return Words(what=(_("Institutions are told every month whom they list under a measure. This is such a letter."),))


def watch_institution(facts: Facts) -> Words:
    """The people on the institution's roster who are suspended or terminated on the day."""
    return Words(
        what=said(
            _("On %(day)s these people stand on your roster while a measure applies to them:")
            % {"day": facts.day("as_of")}
            if facts.has("as_of")
            else "",
            *_people(facts),
        ),
        why=(_("The watch compares your roster with the measures in force once a month. Nobody made a new decision."),),
        effect=(
            _(
                "The insurance does not pay for services these people provide on those days, except in emergencies and "
                "rescue. Please check that your systems say so."
            ),
        ),
        objection=(
            _(
                "If somebody has left, correct your roster. If a status looks wrong to you, please tell "
                "the service desk."
            ),
        ),
    )


def _people(facts: Facts) -> Paragraphs:
    lines = []
    for row in facts.rows("still_registered"):
        values = {"name": named(row.text("name"), row.text("code")), "until": row.day("until")}
        if row.text("effect") == "terminated":
            lines.append(_("%(name)s: terminated; a new registration is possible once %(until)s is over.") % values)
        else:
            lines.append(_("%(name)s: suspended until %(until)s, that day included.") % values)
    return tuple(lines)
