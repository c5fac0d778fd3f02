"""How letters reach the person: the ways of service, each with its day and its proof."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from cases.models import Attribution, IssuedLetter, Service, ServiceKind, ServiceMethod
from cases.selectors.assessments import rulebook_in_force
from cases.services import attribution_notices, moves
from institutions.clock import local_date
from institutions.errors import RuleRefused
from institutions.models import User

PROOF_RULE = "design: service with date and proof"
PUBLIC_NOTICE_RULE = "service.public_notice_days"
DEEMED_RULE = "design: a letter that is not accepted is left before a witness"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a letter reached the person, and on which day.

    `published_on` belongs to a public notice, from which the day of service follows; `witness` says who was there when
    a letter was left with somebody who would not accept it.
    """

    served_on: date
    method: ServiceMethod | str
    proof: str
    published_on: date | None = None
    witness: str = ""


def served_by_public_notice(attribution: Attribution, published_on: date) -> date:
    """Return the day on which a letter made public counts as served, by the rules in force when it was published.

    Refuses rules that provide for no public notice.
    """
    rulebook = rulebook_in_force(attribution.case, published_on)
    if rulebook.service is None:
        raise RuleRefused(
            _("The rules in force do not say when a letter made public is served."),
            rule=PUBLIC_NOTICE_RULE,
            next_step=_("Serve the letter in another way."),
        )
    return published_on + timedelta(days=rulebook.service.public_notice_days)


def record_service(
    attribution: Attribution,
    letter: IssuedLetter,
    delivery: Delivery,
    *,
    by: User | None,
    now: datetime,
) -> Service:
    """Write how a letter reached the person; permission, lock and the range of days are the caller's. Return the row.

    Refuses an unknown way, an empty proof, a hand-over by an institution that has closed, a public notice whose days
    are not over, and a refusal to accept that nobody saw.
    """
    if delivery.method not in ServiceMethod.values:
        raise RuleRefused(
            _("%(value)s is not a way of service; one of %(allowed)s.")
            % {"value": delivery.method, "allowed": ", ".join(ServiceMethod.values)},
            rule="design: service",
        )
    method = ServiceMethod(delivery.method)
    _ensure_institution_there(attribution, method, delivery.served_on)
    _ensure_published(attribution, letter, method, delivery)
    witness = delivery.witness.strip()
    if method is ServiceMethod.DEEMED:
        witness = moves.ensure_text(witness, _("Who was there when the letter was left"), DEEMED_RULE)
    return Service.objects.create(
        attribution=attribution,
        letter=letter,
        kind=ServiceKind(letter.kind),
        window=letter.window,
        method=method,
        on=delivery.served_on,
        proof=moves.ensure_text(delivery.proof, _("The proof of service"), PROOF_RULE),
        published_on=delivery.published_on,
        witness=witness,
        recorded_at=now,
        recorded_by=by,
    )


def _ensure_institution_there(attribution: Attribution, method: ServiceMethod, on: date) -> None:
    if method is ServiceMethod.HR_HANDOVER and attribution_notices.is_institution_gone(attribution, on):
        raise RuleRefused(
            _("The institution has closed: nobody there can hand the letter over."),
            rule="design: direct service where the institution is gone",
            state=attribution.state,
            next_step=_("Serve the person directly: by post, portal or public notice."),
        )


def _ensure_published(
    attribution: Attribution, letter: IssuedLetter, method: ServiceMethod, delivery: Delivery
) -> None:
    """The day of publication goes with a public notice and with nothing else, and fixes the day of service."""
    if method is not ServiceMethod.PUBLIC_NOTICE:
        if delivery.published_on is not None:
            raise RuleRefused(_("Only a public notice has a day of publication."), rule=PUBLIC_NOTICE_RULE)
        return
    if delivery.published_on is None:
        raise RuleRefused(
            _("A public notice needs the day of its publication."),
            rule=PUBLIC_NOTICE_RULE,
            next_step=_("Give the day on which it was published."),
        )
    if delivery.published_on < local_date(letter.issued_at):
        raise RuleRefused(
            _("The letter was made out on %(day)s: what was published before cannot have been this letter.")
            % {"day": local_date(letter.issued_at)},
            rule=PUBLIC_NOTICE_RULE,
            next_step=_("Make the letter out, publish it, and record the service when its days are over."),
        )
    served_on = served_by_public_notice(attribution, delivery.published_on)
    if delivery.served_on != served_on:
        raise RuleRefused(
            _("A letter made public on %(published)s is served on %(served)s.")
            % {"published": delivery.published_on, "served": served_on},
            rule=PUBLIC_NOTICE_RULE,
            next_step=_("Record the service on that day or later, dated that day."),
        )
