"""What travels inside the PDF of a letter: the facts of a decision, so that anybody can compute it again.

A letter is laid out here, at the lowest layer; what the facts are is known above. So the layer above says, once, when
it is loaded, how a notice's attachments are made.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from institutions.letters.typesetting import Attachment
from institutions.models import Notice

Provider: TypeAlias = Callable[[Notice], Sequence[Attachment]]

_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Have a function asked for the attachments of every letter; asked once, however often it is given."""
    if provider not in _providers:
        _providers.append(provider)


def attachments_of(notice: Notice) -> list[Attachment]:
    """Return what travels inside the PDF of a notice's letter."""
    return [attachment for provider in _providers for attachment in provider(notice)]
