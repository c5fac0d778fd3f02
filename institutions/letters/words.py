"""The texts of one letter before they are laid out: a tuple of paragraphs for each block."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from institutions.letters.facts import Facts

Paragraphs: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What a kind of letter says to an audience. A block left empty is filled with what always holds for it."""

    what: Paragraphs
    why: Paragraphs = ()
    clause: Paragraphs = ()
    effect: Paragraphs = ()
    objection: Paragraphs = ()
    repair: Paragraphs = ()


Writer: TypeAlias = Callable[[Facts], Words]


def said(*sentences: str) -> Paragraphs:
    """Return the sentences that have something to say, each a paragraph."""
    return tuple(sentence for sentence in sentences if sentence)
