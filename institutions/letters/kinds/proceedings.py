"""Letters of the procedure before points count: what is intended, the decision, a later deadline, the hand-over."""

from django.utils.translation import gettext as _

from institutions.letters import common
from institutions.letters.facts import Facts, points
from institutions.letters.words import Paragraphs, Words, said


def intent_person(facts: Facts) -> Words:
    """Nothing is decided; the person is heard first."""
    return Words(
        what=(
            _(
                "We are looking into what happened at %(institution)s (case %(case)s). It is intended to give you "
                "%(points)s. Nothing has been decided: no point counts, nothing is made public, and your payment "
                "qualification is as it was."
            )
            % {
                "institution": facts.institution,
                "case": facts.text("case_reference"),
                "points": points(facts.number("points")),
            },
            *common.acts(facts),
        ),
        why=said(common.basis(facts), *common.findings(facts), common.evidence(facts)),
        clause=common.clauses(facts),
        effect=said(
            _("If it is decided as intended, your points of %(year)s come to %(total)s.")
            % {"year": facts.text("year"), "total": facts.text("total")}
            if facts.has("year")
            else "",
            *common.what_follows(facts),
        ),
        objection=(
            _("You are heard before anything is decided. You can tell your side in writing and add documents."),
            *common.window(facts, "statement_working_days"),
            common.own_page(),
            _(
                "What you say is answered, and a second officer decides. If you say nothing, the decision is made on "
                "what is on record; your right to appeal against it stays the same."
            ),
        ),
        repair=(_("Only points that were given can be earned back, so there is nothing to do about it now."),),
    )


def intent_institution(facts: Facts) -> Words:
    """The institution of the case hears of it in confidence."""
    return Words(
        what=(
            _("It is intended to give %(name)s %(points)s in case %(case)s. Nothing has been decided.")
            % {"name": facts.name, "points": points(facts.number("points")), "case": facts.text("case_reference")},
        ),
        effect=(
            _("Nothing follows from it yet: no point counts and payment goes on. Please treat it as confidential."),
        ),
    )


def decision_person(facts: Facts) -> Words:
    """Points or none, with the reasons; it counts from receipt."""
    if facts.text("decision") == "rejected":
        return _no_points(facts)
    return Words(
        what=(
            _(
                "You had time to tell your side. A second officer has now decided case %(case)s, about what happened "
                "at %(institution)s: you are given %(points)s. The decision counts from the day on which "
                "you receive it."
            )
            % {
                "case": facts.text("case_reference"),
                "institution": facts.institution,
                "points": points(facts.number("points")),
            },
            *common.acts(facts),
        ),
        why=said(
            common.basis(facts), *common.findings(facts), *_answers(facts), *_opinions(facts), common.evidence(facts)
        ),
        clause=common.clauses(facts),
        effect=said(
            _("With this decision your points of %(year)s come to %(total)s.")
            % {"year": facts.text("year"), "total": facts.text("total")}
            if facts.has("year")
            else "",
            *common.what_follows(facts),
        ),
        objection=(*common.appeal(facts), common.own_page()),
        repair=common.repair_rule(facts),
    )


def _answers(facts: Facts) -> Paragraphs:
    """What became of each statement of the person."""
    return tuple(
        _("To what you told us on %(day)s: %(answer)s") % {"day": row.day("on"), "answer": row.text("answer")}
        for row in facts.rows("statements")
        if row.has("on", "answer")
    )


def _opinions(facts: Facts) -> Paragraphs:
    """What experts were asked before the decision, and what they said."""
    return tuple(
        _("An expert who stands apart was asked: %(question)s The opinion of %(day)s: %(opinion)s")
        % {"question": row.text("question"), "day": row.day("on"), "opinion": row.text("opinion")}
        for row in facts.rows("opinions")
        if row.has("on", "question", "opinion")
    )


def _no_points(facts: Facts) -> Words:
    return Words(
        what=(
            _(
                "You had time to tell your side. A second officer has now decided case %(case)s: you are given no "
                "points. The case is closed."
            )
            % {"case": facts.text("case_reference")},
        ),
        why=said(*common.findings(facts), *_answers(facts), *_opinions(facts)),
        clause=(_("No clause of the negative list is applied to you."),),
        effect=(_("No point counts and nothing is made public. Your payment qualification is as it was."),),
        objection=(
            _(
                "There is nothing to object to. If you think a fact is recorded wrongly, you can have it "
                "corrected on your page."
            ),
        ),
        repair=(_("There are no points to earn back."),),
    )


def decision_institution(facts: Facts) -> Words:
    """The institution of the case hears what was decided."""
    if facts.text("decision") == "rejected":
        return Words(
            what=(
                _("%(name)s is given no points in case %(case)s.")
                % {"name": facts.name, "case": facts.text("case_reference")},
            ),
            objection=(_("There is nothing to object to."),),
            repair=(_("There are no points to earn back."),),
        )
    return Words(
        what=(
            _(
                "%(name)s is given %(points)s in case %(case)s. The decision counts from the day on which "
                "it reaches the person."
            )
            % {"name": facts.name, "points": points(facts.number("points")), "case": facts.text("case_reference")},
        ),
        effect=_if_served(facts),
    )


def _if_served(facts: Facts) -> tuple[str, ...]:
    values = {
        "name": facts.name,
        "received": facts.day("received_on"),
        "from": facts.day("effect_from"),
        "until": facts.day("effect_until"),
    }
    match facts.text("effect"):
        case "suspended":
            measure = _(
                "If the decision reaches %(name)s on %(received)s, the payment qualification is suspended "
                "from %(from)s "
                "to %(until)s, that last day included."
            )
        case "terminated":
            measure = _(
                "If the decision reaches %(name)s on %(received)s, the payment qualification is terminated "
                "from %(from)s, "
                "with a new registration possible once %(until)s is over."
            )
        case _other:
            return (_("The payment qualification stays as it is."),)
    return (measure % values, _("A notice of its own tells you the days that apply, as soon as they are certain."))


def deadline_person(facts: Facts) -> Words:
    """More time than was told."""
    return Words(
        what=(
            _("You have more time: you can tell your side in case %(case)s until %(deadline)s, that day included.")
            % {"case": facts.text("case_reference"), "deadline": facts.day("deadline_on")},
        ),
        why=(
            _(
                "When the letter was written, the holidays of the year were not announced. They are now, and the "
                "working days were counted again. A day that was told is never brought forward."
            ),
        ),
        clause=common.clauses(facts),
        effect=(_("Nothing else changes. Nothing is decided before you were heard or the time is over."),),
        objection=(
            _("You can tell your side in writing and add documents until %(deadline)s.")
            % {"deadline": facts.day("deadline_on")},
            *common.counted(facts),
            common.own_page(),
        ),
        repair=(_("Only points that were given can be earned back, so there is nothing to do about it now."),),
    )


def deadline_institution(facts: Facts) -> Words:
    """The institution of the case hears of the later day."""
    return Words(
        what=(
            _("%(name)s can tell their side in case %(case)s until %(deadline)s.")
            % {
                "name": facts.name,
                "case": facts.text("case_reference"),
                "deadline": facts.day("deadline_on"),
            },
        ),
        why=(_("The holidays of the year were announced after the letter was written, and the days counted again."),),
    )


def handover_institution(facts: Facts) -> Words:
    """What the staff office is asked to do with a sealed letter."""
    told = decision_institution(facts) if facts.text("letter_kind") == "decision" else intent_institution(facts)
    days = facts.number("appeal_working_days" if facts.text("letter_kind") == "decision" else "statement_working_days")
    return Words(
        what=(
            _("Please hand letter %(number)s over to %(name)s.") % {"number": facts.text("letter"), "name": facts.name},
            _(
                "The letter is sealed, since it holds the access code to the person's own page. Hand it "
                "over unopened, in "
                "person and in private, on the day you receive it if you can; have the receipt signed and dated; and "
                "record the day and the receipt in the portal."
            ),
            *told.what,
        ),
        why=said(
            _("The person's time to answer, and whatever follows, counts from the day of the hand-over."),
            common.basis(facts),
        ),
        effect=told.effect,
        objection=said(
            _("From the day after the hand-over the person has %(days)s to answer or to appeal.")
            % {"days": common.working_days(days)}
            if days
            else "",
            _("That right is the person's alone. Please give them the time and the records they need for it."),
            _("If the person does not accept the letter or cannot be found, tell the service desk; do not keep it."),
        ),
    )


def handover_person(facts: Facts) -> Words:
    """The request to the institution, as the person may see it on record."""
    return Words(
        what=(
            _("Your institution was asked to hand letter %(number)s over to you, sealed and in private.")
            % {"number": facts.text("letter")},
        ),
    )
