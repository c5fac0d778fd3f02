"""What a letter is: who it is to, and the seven blocks that every one of them has. Pure; no Django."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Audience(StrEnum):
    """Who reads a letter; each is told what it needs and no more."""

    PERSON = "person"
    CASE_INSTITUTION = "case_institution"
    OTHER_INSTITUTION = "other_institution"
    AUTHORITY = "authority"


class BlockKey(StrEnum):
    """The seven blocks, in their order. One that does not apply says so in words."""

    WHAT = "what"
    WHY = "why"
    CLAUSE = "clause"
    EFFECT = "effect"
    OBJECTION = "objection"
    REPAIR = "repair"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Block:
    """One labelled part of a letter; never without a paragraph."""

    key: BlockKey
    label: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be shown, in one language. It names offices, never an officer.

    `page_url` is the address behind the QR code, with the access code; it and `access_code` are empty in every copy
    that is not the person's own. `facts_digest` is the SHA-256 of the rulebook that was applied, or,
    where the letter carries the facts of the decision (`carries_facts`), of these, which name the rulebook's.
    """

    number: str
    kind: str
    audience: Audience
    language: str
    title: str
    issued_on: date
    issued_on_text: str
    authority_name: str
    addressee: str
    salutation: str
    reference: str
    blocks: tuple[Block, ...]
    page_url: str
    access_code: str
    facts_digest: str
    carries_facts: bool = False

    def block(self, key: BlockKey | str) -> Block:
        """Return one block by its key."""
        return next(block for block in self.blocks if block.key == key)
