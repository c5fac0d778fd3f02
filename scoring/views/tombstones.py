"""Atom feeds that also say what is gone (RFC 6721), so that re-publishers let it go too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from institutions.clock import start_of

NAMESPACE = "http://purl.org/atompub/tombstones/1.0"
DISPLAY_UNTIL = "urn:jifen:display-until"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Something that was published and is to be let go: its name in feeds, since when, and why in one word."""

    ref: str
    gone_on: date
    reason: str = ""


class FeedWithTombstones(Atom1Feed):
    """An Atom feed that also names what is gone, and the last day of display of what is not."""

    gone: Sequence[Tombstone] = ()

    def root_attributes(self) -> dict[str, str]:
        """Declare the names of tombstones."""
        attributes: dict[str, str] = super().root_attributes()
        return attributes | {"xmlns:at": NAMESPACE}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """Write a tombstone for everything that re-publishers have to let go."""
        super().add_root_elements(handler)
        for stone in self.gone:
            facts = {"ref": stone.ref, "when": rfc3339_date(start_of(stone.gone_on))}
            handler.startElement("at:deleted-entry", facts)  # type: ignore[arg-type]  # a mapping will do
            if stone.reason:
                handler.addQuickElement("at:comment", stone.reason)
            handler.endElement("at:deleted-entry")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write the entry, and until when it may be shown."""
        super().add_item_elements(handler, item)
        if item.get("display_until"):
            handler.addQuickElement("category", "", {"term": item["display_until"], "scheme": DISPLAY_UNTIL})
