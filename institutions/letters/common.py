"""What several letters say alike: the act, the clause, the status and what follows from it, whom to ask."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from institutions.letters.facts import Facts, listed, points, working_days
from institutions.letters.letter import Audience, BlockKey
from institutions.letters.words import Paragraphs, said
from institutions.selectors.service_desks import Desk

DIGEST_SHOWN = 16


def labels() -> dict[BlockKey, str]:
    """Return the headings of the seven blocks."""
    return {
        BlockKey.WHAT: _("What this letter tells you"),
        BlockKey.WHY: pgettext("heading of a letter", "Why"),
        BlockKey.CLAUSE: _("Which rule it rests on"),
        BlockKey.EFFECT: pgettext("heading of a letter", "What follows"),
        BlockKey.OBJECTION: _("How to object, and until when"),
        BlockKey.REPAIR: _("How points can be earned back"),
        BlockKey.CONTACT: _("Whom to ask"),
    }


def contact(desk: Desk, facts: Facts) -> Paragraphs:
    """Whom to ask, and for the person somebody to talk to."""
    if not desk.found:
        authority = facts.text("contact")
        if authority:
            return (
                _("%(authority)s answers your questions. Please name the number of this letter.")
                % {"authority": authority},
            )
        return (
            _(
                "The medical insurance authority of your region answers your questions. Please name the "
                "number of this letter."
            ),
        )
    lines = said(
        _("%(authority)s, telephone %(phone)s.") % {"authority": desk.authority, "phone": desk.phone},
        _("Address: %(address)s. Open: %(hours)s.") % {"address": desk.address, "hours": desk.hours}
        if desk.address and desk.hours
        else "",
        _("Please name the number of this letter."),
    )
    if facts.audience is not Audience.PERSON:
        return lines
    support = _(
        "A letter like this can weigh on its reader. If you would like to talk to somebody in confidence: %(line)s, "
        "%(hours)s. The conversation has no bearing on your case."
    ) % {"line": desk.support_line, "hours": desk.support_hours}
    return (*lines, support)


def basis(facts: Facts) -> str:
    """The decision against the institution."""
    found = facts.part("basis")
    if not found.has("document", "authority", "decided_on"):
        return ""
    return _("%(institution)s was the subject of a decision: %(document)s of %(authority)s, made on %(day)s.") % {
        "institution": facts.institution,
        "document": found.text("document"),
        "authority": found.text("authority"),
        "day": found.day("decided_on"),
    }


def clauses(facts: Facts) -> Paragraphs:
    """The clauses of the negative list, and the rules they were read by."""
    rows = facts.rows("clause")
    named = [
        _("Clause %(code)s of the negative list: %(title)s.")
        % {"code": row.text("code"), "title": facts.local(row, "title").rstrip(".。")}
        for row in rows
    ]
    return said(*named, rules(facts))


def rules(facts: Facts) -> str:
    """Which version of the rules was applied, so that anybody can check the arithmetic."""
    if not facts.has("rulebook"):
        return ""
    if not facts.has("rulebook_digest"):
        return _("Rules applied: %(rulebook)s.") % {"rulebook": facts.text("rulebook")}
    return _("Rules applied: %(rulebook)s, check sum %(digest)s…") % {
        "rulebook": facts.text("rulebook"),
        "digest": facts.text("rulebook_digest")[:DIGEST_SHOWN],
    }


def acts(facts: Facts) -> Paragraphs:
    """Each act with its days, the degree of responsibility and the points."""
    degrees = {
        "general": _("general responsibility"),
        "important": _("important responsibility"),
        "principal": _("principal responsibility"),
    }
    told = [
        _("%(title)s, from %(from)s to %(to)s: %(degree)s, %(points)s.")
        % {
            "title": row.text("title"),
            "from": row.day("from"),
            "to": row.day("to"),
            "degree": degrees.get(row.text("degree"), row.text("degree")),
            "points": points(row.number("points")),
        }
        for row in facts.rows("lines")
        if row.has("title", "from", "to")
    ]
    return tuple(told) or said(_("It is about: %(what)s.") % {"what": facts.text("what")} if facts.has("what") else "")


def findings(facts: Facts) -> Paragraphs:
    """The reasons as the officers wrote them."""
    return tuple(facts.texts("why"))


def evidence(facts: Facts) -> str:
    """What the decision rests on."""
    titles = facts.texts("evidence")
    if not titles:
        return ""
    return _(
        "It rests on this evidence: %(titles)s. You can see it on your page; what belongs to other people is covered."
    ) % {"titles": listed(titles)}


def year_total(facts: Facts) -> str:
    """What the points of the year come to."""
    total = facts.number("total") if facts.number("total") is not None else facts.number("points")
    if total is None or facts.number("year") is None:
        return ""
    return _("The points of %(year)s come to %(total)s.") % {"year": facts.text("year"), "total": total}


def status_of_you(facts: Facts) -> Paragraphs:
    """The status and what follows from it, said to the person."""
    values = {"from": facts.day("effect_from"), "until": facts.day("effect_until")}
    match facts.text("effect"):
        case "suspended":
            return (
                _("Your payment qualification is suspended from %(from)s to %(until)s, that last day included.")
                % values,
                NO_PAYMENT_YOU(),
                _("After the last day it comes back by itself; nobody has to apply for it."),
            )
        case "terminated":
            return said(
                _("Your payment qualification is terminated from %(from)s.") % values,
                NO_PAYMENT_YOU(),
                _("You can be registered again once %(until)s is over.") % values if values["until"] else "",
                _("Your institution then registers you anew, with a new commitment signed by you.")
                if not facts.is_true("may_reapply")
                else _("That time is over: your institution can apply for a new registration now."),
            )
        case "normal":
            return (_("Your payment qualification is normal: the insurance pays for your services as usual."),)
    return ()


def NO_PAYMENT_YOU() -> str:  # noqa: N802 - one sentence, named like the constant it would be without a language
    """What a measure means for the person's work."""
    return _(
        "On these days the insurance does not pay for services you provide, except in emergencies and rescue. It is "
        "about payment by the insurance alone: your licence to practise is not part of it."
    )


def status_of_them(facts: Facts) -> Paragraphs:
    """The status and what follows from it, said to an institution or an authority about the person."""
    values = {"name": facts.name, "from": facts.day("effect_from"), "until": facts.day("effect_until")}
    match facts.text("effect"):
        case "suspended":
            return (
                _(
                    "The payment qualification of %(name)s is suspended from %(from)s to %(until)s, that last "
                    "day included."
                )
                % values,
                *_no_payment(facts),
            )
        case "terminated":
            return said(
                _("The payment qualification of %(name)s is terminated from %(from)s.") % values,
                _("A new registration is possible once %(until)s is over, with a new commitment.") % values
                if values["until"]
                else "",
                *_no_payment(facts),
            )
        case "normal":
            return (
                _("The payment qualification of %(name)s is normal: the insurance pays for services as usual.")
                % values,
            )
    return ()


def _no_payment(facts: Facts) -> Paragraphs:
    if facts.audience is Audience.AUTHORITY:
        return ()
    return (
        _(
            "On these days the insurance does not pay for services this person provides, except in emergencies and "
            "rescue. Please mark it in your systems, and let patients know before treatment."
        ),
    )


def what_follows(facts: Facts) -> Paragraphs:
    """What would follow from a service on the day of issue, for a letter that exists before it is served (person)."""
    values = {
        "received": facts.day("received_on"),
        "from": facts.day("effect_from"),
        "until": facts.day("effect_until"),
    }
    match facts.text("effect"):
        case "suspended":
            measure = _(
                "Your payment qualification would be suspended. If the decision reaches you on %(received)s, that is "
                "from %(from)s to %(until)s, that last day included; if it reaches you later, the days move with it."
            )
        case "terminated":
            measure = _(
                "Your payment qualification would be terminated. If the decision reaches you on %(received)s, that is "
                "from %(from)s, and you could be registered again once %(until)s is over; if it reaches you later, the "
                "days move with it."
            )
        case _other:
            return (_("Your payment qualification would stay as it is."),)
    return (measure % values, NO_PAYMENT_YOU())


def window(facts: Facts, key: str) -> Paragraphs:
    """A window that opens with the receipt of the letter: so many working days, and an example with its holidays."""
    count = facts.number(key)
    if count is None:
        return ()
    opening = _("You have %(days)s, counted from the day after you receive this letter.") % {
        "days": working_days(count)
    }
    if not facts.has("received_on", "deadline_on"):
        return (opening,)
    example = _("If you receive it on %(received)s, the last day is %(deadline)s.") % {
        "received": facts.day("received_on"),
        "deadline": facts.day("deadline_on"),
    }
    return (opening, example, *counted(facts))


def counted(facts: Facts) -> Paragraphs:
    """How the days to the deadline were counted: holidays on the way, days worked instead, and by which calendar."""
    on_the_way = facts.part("counted")
    off = [_short(day) for day in on_the_way.texts("days_off")]
    worked = [_short(day) for day in on_the_way.texts("make_up_days")]
    sources = [facts.local(row, "source") for row in on_the_way.rows("sources")]
    return said(
        _("Public holidays on the way that do not count: %(days)s.") % {"days": listed(off)} if off else "",
        _("Weekend days on the way that are worked and count: %(days)s.") % {"days": listed(worked)} if worked else "",
        _("Working days by: %(sources)s.") % {"sources": listed(sources)} if any(sources) else "",
        _("The holidays of the year are not announced yet. Once they are, the last day can only move later.")
        if facts.is_true("deadline_provisional")
        else "",
    )


def _short(day: str) -> str:
    facts = Facts({"day": day}, Audience.PERSON)
    return facts.day("day")


def repair_rule(facts: Facts) -> Paragraphs:
    """Whether and how points can be earned back, said to the person who was given some."""
    rule = facts.part("repair_rule")
    if rule.has("points", "cap_per_year"):
        return (
            _(
                "You can earn points back by training or by helping with the insurance's public work: %(points)s for "
                "each participation that counts, at most %(cap)s in a year. You apply on your page."
            )
            % {"points": points(rule.number("points")), "cap": points(rule.number("cap_per_year"))},
        )
    if facts.is_true("repair_possible"):
        return (
            _(
                "You can earn points back by training or by helping with the insurance's public work. You "
                "apply on your page."
            ),
        )
    return (_("The rules of your region do not provide for earning points back. Points start from 0 each 1 January."),)


def appeal(facts: Facts) -> Paragraphs:
    """How and until when the decision in this letter can be appealed against, and what an appeal does to a measure."""
    return (
        _("If you do not agree, you can appeal. Another officer, who had no part in the decision, looks at all of it."),
        *window(facts, "appeal_working_days"),
        *_late_and_stay(facts),
    )


def appeal_against_earlier(facts: Facts) -> Paragraphs:
    """The same in a letter that follows from a decision: its time runs from the service of the decision."""
    count = facts.number("appeal_working_days")
    if count is None:
        return ()
    return said(
        _("If you do not agree, you can appeal. Another officer, who had no part in the decision, looks at all of it."),
        _("You have %(days)s, counted from the day after the decision reached you.") % {"days": working_days(count)},
        _("The last day is %(day)s.") % {"day": facts.day("appeal_until_on")} if facts.has("appeal_until_on") else "",
        *_late_and_stay(facts),
    )


def _late_and_stay(facts: Facts) -> Paragraphs:
    stays = (
        _("From the acceptance of your appeal until its outcome the measure waits.")
        if facts.is_true("appeal_stays")
        else _("An appeal does not stop the measure; if you win, everything is undone, days gone by included.")
    )
    return (_("If you are late, say why: a good reason is heard."), stays)


def own_page() -> str:
    """Where the person does all of this."""
    return _(
        "You can do it on your own page, by the code and address in this letter, or in writing at the service desk."
    )
