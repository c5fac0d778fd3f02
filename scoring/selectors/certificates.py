"""What a status certificate says, and whether one that is shown still holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from institutions import signatures
from institutions.errors import NotThere
from institutions.json_types import JsonObject
from institutions.signatures import Signature
from scoring.policy import certificate
from scoring.policy.certificate import Token
from scoring.policy.rulebook_parts import PublicationMode
from scoring.selectors.public_facts import PublicScorecard
from scoring.selectors.scorecards import served_scorecard


class CertificateState(StrEnum):
    """What a certificate is worth today."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Verified:
    """The state; the token where it is ours; the facts of today where it is valid or superseded and they are public."""

    state: CertificateState
    token: Token | None = None
    card: PublicScorecard | None = None


def certified_facts(card: PublicScorecard) -> JsonObject:
    """What a certificate says, an allow-list out of what is public: who, where, status with dates, points."""
    return {
        "name": card.name,
        "category": card.category,
        "institutions": [site.name for site in card.institutions],
        "status": card.status,
        "status_from": card.status_from,
        "until": card.until,
        "points": card.points,
    }


def verify(text: str, *, on: date, now: datetime) -> Verified:
    """Say what a certificate is worth on a Shanghai date; never raises.

    Forged where no key of ours signed it; expired after its last day, and then nothing is told of the person;
    superseded where the facts of today are others, or are not public any more.
    """
    token = certificate.parse(text)
    if token is None or not signatures.is_signed(token.message, Signature(token.key_id, token.value)):
        return Verified(CertificateState.FORGED)
    if on > token.valid_until:
        return Verified(CertificateState.EXPIRED, token)
    try:
        card = served_scorecard(token.slug, on=on, now=now).card
    except NotThere:
        return Verified(CertificateState.SUPERSEDED, token)
    if card.mode == PublicationMode.CLOSED:
        return Verified(CertificateState.SUPERSEDED, token)
    is_same = certificate.digest_of(certified_facts(card)) == token.digest
    return Verified(CertificateState.VALID if is_same else CertificateState.SUPERSEDED, token, card)
