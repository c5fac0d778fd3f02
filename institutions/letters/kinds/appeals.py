"""Letters of an appeal: each step of its course, and how it ended, always with the reasons."""

from django.utils.translation import gettext as _

from institutions.letters import common
from institutions.letters.facts import Facts, points
from institutions.letters.words import Paragraphs, Words, said


def course_person(facts: Facts) -> Words:
    """A step of the appeal."""
    return Words(
        what=said(_step(facts), _question(facts)),
        why=(_("You appealed against the decision in case %(case)s.") % {"case": facts.text("case_reference")},),
        clause=(
            *common.clauses(facts),
            _("Whether the clause applies to you is part of what is looked at."),
        ),
        effect=said(
            _("From the acceptance of your appeal until its outcome the measure waits.")
            if facts.is_true("stays")
            else _("An appeal does not stop the measure; if you win, everything is undone, days gone by included."),
            _("The public page says that the decision is under appeal."),
        ),
        objection=said(
            _due(facts),
            _("If there is no outcome by %(day)s, you can go to the second level.")
            % {"day": facts.part("second_level").day("open_after")}
            if facts.part("second_level").has("open_after")
            else "",
            _("You can add documents, follow your appeal, or take it back on your page."),
        ),
        repair=(_("You can apply to earn points back while the appeal runs; the two do not harm each other."),),
    )


def _step(facts: Facts) -> str:
    values = {"receipt": facts.text("receipt"), "day": facts.day("filed_on")}
    match facts.text("step"):
        case "filed":
            return _("Your appeal came in on %(day)s. Its receipt number is %(receipt)s.") % values
        case "accepted":
            return _("Your appeal %(receipt)s has been accepted and is being looked at.") % values
        case "question":
            return (
                _("There is a question about your appeal %(receipt)s. The time of the authority waits for your answer.")
                % values
            )
        case "resumed":
            return _("The work on your appeal %(receipt)s goes on.") % values
        case "overdue":
            return (
                _("The outcome of your appeal %(receipt)s is late. We are sorry; it is still being looked at.") % values
            )
        case "second_level_open":
            return _("There is no outcome of your appeal %(receipt)s yet. You can go to the second level now.") % values
        case "due_changed":
            return _("The day by which your appeal %(receipt)s is to be decided has changed.") % values
        case _other:
            return _("Your appeal %(receipt)s has taken a step.") % values


def _question(facts: Facts) -> str:
    if not facts.has("question"):
        return ""
    asked = _("The question: %(question)s") % {"question": facts.text("question")}
    if not facts.has("answer_due_on"):
        return asked
    return f"{asked} " + _("Please answer by %(day)s. If you do not, the appeal goes on without it.") % {
        "day": facts.day("answer_due_on")
    }


def _due(facts: Facts) -> str:
    if not facts.has("decision_due_on"):
        return ""
    return _("The outcome is due by %(day)s.") % {"day": facts.day("decision_due_on")}


def course_institution(facts: Facts) -> Words:
    """The institution of the case hears that there is an appeal, and nothing of what the person wrote."""
    return Words(
        what=(
            _("%(name)s has appealed against the decision in case %(case)s.")
            % {"name": facts.name, "case": facts.text("case_reference")},
        ),
        effect=(
            _("Until you hear of the outcome the measure waits.")
            if facts.is_true("stays")
            else _("Until you hear of the outcome the measure goes on."),
        ),
        objection=(
            _("An appeal is a right. Nobody may suffer for it at work. What the person writes is not shown to you."),
        ),
    )


def outcome_person(facts: Facts) -> Words:
    """How it ended, why, and what is left to do."""
    return Words(
        what=said(_ended(facts), *_changed_lines(facts)),
        why=tuple(facts.texts("reasons")) or (_("No reasons were needed: the appeal ended without a decision on it."),),
        clause=common.clauses(facts),
        effect=_outcome_effect(facts),
        objection=_second_level(facts),
        repair=(_("If points remain, whether they can be earned back stands on your page."),),
    )


def _ended(facts: Facts) -> str:
    values = {
        "receipt": facts.text("receipt"),
        "before": points(facts.number("points_before")),
        "after": points(facts.number("points_after")),
    }
    match facts.text("outcome"):
        case "overturned":
            return _("You have won your appeal %(receipt)s. The decision falls, with everything it caused.") % values
        case "varied":
            return _("You have won your appeal %(receipt)s in part: %(after)s instead of %(before)s.") % values
        case "upheld":
            return _("Your appeal %(receipt)s was looked at in full. The decision stands.") % values
        case "inadmissible":
            return _("Your appeal %(receipt)s could not be heard. The decision stands.") % values
        case "withdrawn":
            return _("You took your appeal %(receipt)s back. The decision stands.") % values
        case "elevated":
            return _("Your appeal %(receipt)s has gone on to the second level.") % values
        case "moot":
            return _("Your appeal %(receipt)s has ended, since the decision fell for another reason.") % values
        case _other:
            return _("Your appeal %(receipt)s has ended.") % values


def _changed_lines(facts: Facts) -> Paragraphs:
    return tuple(
        _("%(title)s (clause %(clause)s): %(after)s instead of %(before)s.")
        % {
            "title": row.text("title"),
            "clause": row.text("clause"),
            "before": points(row.number("points_before")),
            "after": points(row.number("points_after")),
        }
        for row in facts.rows("lines")
        if row.number("points_before") is not None and row.number("points_before") != row.number("points_after")
    )


def _outcome_effect(facts: Facts) -> Paragraphs:
    match facts.text("outcome"):
        case "overturned" | "moot":
            return (
                _(
                    "The points are taken off as though never given. Measures that rested on them end, days gone by "
                    "included, and the services of those days are paid again."
                ),
                _("Everybody who was told of the decision is told of this. Your page lists each thing undone."),
            )
        case "varied":
            return (
                _("Measures are counted again with the points that remain; no day gets worse for you by it."),
                _("Everybody who was told of the decision is told of this. Your page lists each thing undone."),
            )
        case "elevated":
            return (_("Nothing changes until the second level has decided."),)
        case _other:
            waited = _("The measure waited for your appeal. The days not served run from the day after this outcome.")
            return said(waited if facts.is_true("stays") else "", _("The points and the measure stay as they were."))


def _second_level(facts: Facts) -> Paragraphs:
    if facts.text("outcome") in ("overturned", "withdrawn", "elevated", "moot"):
        return (_("There is nothing more to object to in this appeal."),)
    second = facts.part("second_level")
    if not second.is_true("possible"):
        return (
            _(
                "No further appeal is open to you here. Whether you can go to court is for a lawyer or the "
                "court to say."
            ),
        )
    return (
        _("If you do not agree, you can go to the second level until %(day)s, that day included, on your page.")
        % {"day": second.day("until")},
        _(
            "The second level looks at the facts on file, the rule and the procedure. New facts count "
            "if they could not "
            "be brought before."
        ),
    )


def outcome_institution(facts: Facts) -> Words:
    """The institution of the case hears how it ended."""
    values = {
        "name": facts.name,
        "case": facts.text("case_reference"),
        "before": points(facts.number("points_before")),
        "after": points(facts.number("points_after")),
    }
    match facts.text("outcome"):
        case "overturned" | "moot":
            what = _("The decision about %(name)s in case %(case)s falls.") % values
            effect = _(
                "What follows for status and dates is told in a correction of its own. Please undo what you entered."
            )
        case "varied":
            what = (
                _("The decision about %(name)s in case %(case)s is changed: %(after)s instead of %(before)s.") % values
            )
            effect = _(
                "What follows for status and dates is told in a correction of its own. Please undo what you entered."
            )
        case "elevated":
            what = _("The appeal of %(name)s in case %(case)s has gone on to the second level.") % values
            effect = _("Nothing changes until the second level has decided.")
        case _other:
            what = _("The decision about %(name)s in case %(case)s stands.") % values
            effect = _("The points and the measure stay as they were.")
    return Words(
        what=(what,),
        why=(_("The reasons are told to the person."),),
        effect=(effect,),
        objection=(
            _("An appeal is a right. Nobody may suffer for it at work. What the person writes is not shown to you."),
        ),
    )
