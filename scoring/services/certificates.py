"""Issuing status certificates: to the person through a letter, and to staff through their staff office. Nothing is
stored of them but that one was issued: what a certificate says is proved by its signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import signatures
from institutions.errors import Forbidden, NotThere, WrongState
from institutions.json_types import JsonObject
from institutions.models import Notice, Practitioner, User
from institutions.permissions import Permission, has_permission
from institutions.selectors import freshness
from institutions.selectors.practitioners import sites_on, surviving
from institutions.services import audit
from scoring.policy import certificate
from scoring.policy.certificate import Token
from scoring.policy.rulebook_parts import PublicationMode
from scoring.selectors.certificates import certified_facts
from scoring.selectors.public_facts import PublicScorecard
from scoring.selectors.scorecards import served_scorecard

RULE = "design: a status certificate says what is public and no more"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was issued: the public facts it rests on, what it says, and the signed token."""

    card: PublicScorecard
    facts: JsonObject
    token: Token
    as_of: date


@transaction.atomic
def issue_to_person(*, notice: Notice, now: datetime) -> Certificate:
    """Issue a certificate to the person to whom a letter went; the letter's access code is their key.

    Refuses where nothing is published of the person (WrongState).
    """
    if notice.practitioner is None or notice.is_pilot:
        raise NotThere()
    return _issue(surviving(notice.practitioner), None, now)


@transaction.atomic
def issue_to_staff(*, practitioner: Practitioner, by: User, now: datetime) -> Certificate:
    """Issue a certificate of somebody registered today at an institution that the user's role covers.

    Refuses others' staff (NotThere), users without the permission (Forbidden), and where nothing is published
    (WrongState).
    """
    if not has_permission(by, Permission.REGISTRATION_VIEW):
        raise Forbidden(_("Your roles do not include this act here."), rule=Permission.REGISTRATION_VIEW.value)
    person = surviving(practitioner)
    sites = sites_on(person, freshness.as_of(now))
    if not any(has_permission(by, Permission.REGISTRATION_VIEW, institution=site) for site in sites):
        raise NotThere()
    return _issue(person, by, now)


def _issue(person: Practitioner, by: User | None, now: datetime) -> Certificate:
    on = freshness.as_of(now)
    card = served_scorecard(person.slug, on=on, now=now).card
    if card.mode == PublicationMode.CLOSED:
        raise WrongState(
            _("The rules of this region do not publish scorecards, so there is nothing to certify."),
            rule=RULE,
            state=card.mode,
            next_step=_("Please ask the institution"),
        )
    facts = certified_facts(card)
    until = certificate.last_day(
        on,
        status_until=date.fromisoformat(card.until) if card.until else None,
        next_change_on=date.fromisoformat(card.next_change.starts_on) if card.next_change else None,
    )
    token = Token(person.slug, on, until, certificate.digest_of(facts))
    signature = signatures.sign(token.message)
    token = token.signed(signature.key_id, signature.value)
    audit.record_event(
        action="certificate.issued",
        subject=person,
        by=by,
        now=now,
        detail={"valid_until": until.isoformat(), "digest": token.digest, "key": token.key_id},
        region=card.institutions[0].region if card.institutions else "",
    )
    return Certificate(card, facts, token, on)
