"""Which records are one person's, as a run comes to the merges in the order of dates."""

from __future__ import annotations


class Joined:
    """Groups of records; a record that nothing has joined is a group of its own."""

    def __init__(self) -> None:
        self._groups: dict[str, frozenset[str]] = {}

    def of(self, record: str) -> frozenset[str]:
        """The records of the person, this one included."""
        return self._groups.get(record, frozenset({record}))

    def join(self, one: str, other: str) -> None:
        """From here on the records of both are one person's."""
        together = self.of(one) | self.of(other)
        self._groups |= dict.fromkeys(together, together)
