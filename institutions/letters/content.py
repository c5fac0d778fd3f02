"""From a notice to a letter: the words for its kind and reader, in the reader's language.

The payload is data and stays as it was when the notice was made; so does the desk that was valid on that day. A letter
printed again says what it said at first.
"""

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from institutions.clock import local_date
from institutions.letters import common, templates
from institutions.letters.defaults import defaults
from institutions.letters.facts import Facts, is_english, named, written
from institutions.letters.letter import Audience, Block, BlockKey, Letter
from institutions.letters.words import Words
from institutions.models import Notice, NoticeKind
from institutions.selectors.service_desks import Desk, desk_for
from institutions.services.notice_tokens import grouped

CASE_KEYS = ("case_reference", "letter")


def compose(
    notice: Notice, *, audience: Audience | None = None, language: str | None = None, token: str = ""
) -> Letter:
    """Return the letter that a notice is, for an audience (its recipient's by default) and a language (the active one).

    All seven blocks are there, always, in their order. `token` is the access code of the person's own copy; without it,
    and for any other audience, the letter carries none. What the audience may not know is not in the letter, whatever
    the payload holds.
    """
    reader = audience or audience_of(notice)
    with translation.override(language or get_language() or settings.LANGUAGE_CODE):
        facts = Facts(notice.payload, reader)
        issued_on = local_date(notice.created_at)
        desk = desk_for(_region_of(notice), on=issued_on, english=is_english())
        token = token if reader is Audience.PERSON and notice.practitioner_id is not None else ""
        kind = NoticeKind(notice.kind)
        return Letter(
            number=notice.number,
            kind=notice.kind,
            audience=reader,
            language=get_language() or settings.LANGUAGE_CODE,
            title=templates.title_of(kind, facts),
            issued_on=issued_on,
            issued_on_text=written(issued_on),
            authority_name=desk.authority or facts.text("contact") or _("Medical insurance authority"),
            addressee=_addressee(notice, facts),
            salutation=_salutation(facts),
            reference=facts.text("case_reference"),
            blocks=_blocks(kind, facts, desk),
            page_url=f"{settings.PUBLIC_URL}/n/{notice.number}?t={token}" if token else "",
            access_code=grouped(token) if token else "",
            facts_digest=facts.part("facts").text("facts_digest") or facts.text("rulebook_digest"),
            carries_facts=facts.part("facts").has("facts_digest"),
        )


def audience_of(notice: Notice) -> Audience:
    """Return who reads a notice: the person, the institution of the case (which knows the case), or another one."""
    if notice.practitioner_id is not None:
        return Audience.PERSON
    return (
        Audience.CASE_INSTITUTION if any(notice.payload.get(key) for key in CASE_KEYS) else Audience.OTHER_INSTITUTION
    )


def _region_of(notice: Notice) -> str:
    if notice.region_id is not None:
        return notice.region_id
    return notice.institution.region_id if notice.institution is not None else ""


def _addressee(notice: Notice, facts: Facts) -> str:
    match facts.audience:
        case Audience.PERSON:
            return named(facts.text("subject_name"), facts.text("practitioner_code"))
        case Audience.AUTHORITY:
            return _("the authority concerned")
    return notice.institution.name if notice.institution is not None else _("the institution concerned")


def _salutation(facts: Facts) -> str:
    if facts.audience is Audience.PERSON:
        return _("Dear %(name)s,") % {"name": facts.text("subject_name")}
    return _("To whom it may concern,")


def _blocks(kind: NoticeKind, facts: Facts, desk: Desk) -> tuple[Block, ...]:
    writer = templates.WORDS.get(kind, {}).get(facts.audience)
    always = defaults(facts)
    words = writer(facts) if writer is not None else always
    headings = common.labels()
    contact = common.contact(desk, facts)
    return tuple(
        Block(key, headings[key], contact if key is BlockKey.CONTACT else _paragraphs(words, always, key))
        for key in BlockKey
    )


def _paragraphs(words: Words, always: Words, key: BlockKey) -> tuple[str, ...]:
    """What the kind says, or what always holds for the audience."""
    said: tuple[str, ...] = getattr(words, key.value)
    otherwise: tuple[str, ...] = getattr(always, key.value)
    return said or otherwise
