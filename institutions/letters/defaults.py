"""What always holds for a reader, where a kind of letter has nothing of its own to say in a block."""

from django.utils.translation import gettext as _

from institutions.letters import common
from institutions.letters.facts import Facts
from institutions.letters.letter import Audience
from institutions.letters.words import Words, said


def defaults(facts: Facts) -> Words:
    """What always holds for an audience, where a kind of letter has nothing of its own to say."""
    return {
        Audience.PERSON: _for_person,
        Audience.CASE_INSTITUTION: _for_case_institution,
        Audience.OTHER_INSTITUTION: _for_others,
        Audience.AUTHORITY: _for_authority,
    }[facts.audience](facts)


def _for_person(facts: Facts) -> Words:
    return Words(
        what=(_("This letter is about your payment qualification under the medical insurance."),),
        why=said(*common.findings(facts))
        or (_("This letter follows from the rules by itself; nobody made a new finding about you."),),
        clause=common.clauses(facts) or (_("No clause of the negative list is applied in this letter."),),
        effect=(_("Nothing changes for you by this letter."),),
        objection=(
            _(
                "This letter decides nothing new. If something in it is wrong, tell us on your page or at "
                "the service desk."
            ),
        ),
        repair=(_("There is nothing to earn back because of this letter."),),
    )


def _for_case_institution(facts: Facts) -> Words:
    return Words(
        what=(_("This letter is about %(name)s, who works or worked at your institution.") % {"name": facts.name},),
        why=said(common.basis(facts)) or (_("The reasons are told to the person."),),
        clause=common.clauses(facts) or (_("No clause of the negative list is applied in this letter."),),
        effect=(_("Nothing changes for your institution by this letter."),),
        objection=(
            _("The right to object lies with the person. Please give them the time and the records they need for it."),
        ),
        repair=(_("Earning points back lies with the person; whatever changes by it is told to you."),),
    )


def _for_others(facts: Facts) -> Words:
    outside = _(
        "The person and the institution of the case know the details; other institutions are told status and dates."
    )
    return Words(
        what=(_("This letter is about %(name)s.") % {"name": facts.name},),
        why=(outside,),
        clause=(_("The clause belongs to those details and is not part of this letter."),),
        effect=(_("Nothing changes for your institution by this letter."),),
        objection=(
            _(
                "The right to object lies with the person. If this person does not work at your institution, please "
                "tell the service desk."
            ),
        ),
        repair=(_("Earning points back lies with the person; whatever changes by it is told to you."),),
    )


def _for_authority(facts: Facts) -> Words:
    return Words(
        what=(_("This letter is about %(name)s.") % {"name": facts.name},),
        why=(_("It is sent for your own duties. The reasons stay with the authority that decided."),),
        clause=common.clauses(facts) or (_("No clause of the negative list is applied in this letter."),),
        effect=(_("No status changes by this letter."),),
        objection=(_("The right to object lies with the person. Should an objection succeed, you are told at once."),),
        repair=(_("Earning points back lies with the person; whatever changes by it is told to you."),),
    )


def quiet(facts: Facts) -> Words:
    """What those outside a case are told of a step that changes no status: that there is nothing for them in it."""
    return Words(
        what=(
            _(
                "A procedure about %(name)s has taken a step that changes no status. It is confidential, and there is "
                "nothing for you to do."
            )
            % {"name": facts.name},
        ),
    )
