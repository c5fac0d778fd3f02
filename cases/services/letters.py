"""Letters of the procedure: made out by an officer, and confirmed by whoever they reach.

What officers record of post, public notice and refused acceptance goes through `intents.serve_intent` and
`decisions.serve_decision`. Here the person confirms a letter on their own page, and the staff office of the institution
records a hand-over with its receipt.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Attribution, IssuedLetter, Service, ServiceKind, ServiceMethod, ServiceReceipt
from cases.models.service import receipt_address
from cases.policy import evidence_types
from cases.services import decisions, intents, issuing, moves, serving
from cases.services import evidence as evidence_rows
from cases.services.evidence import HashMismatch
from cases.services.issuing import issue_decision, issue_intent
from cases.services.serving import Delivery
from cases.states import State
from institutions.clock import local_date
from institutions.errors import Invalid, NotThere, RuleRefused, WrongState
from institutions.models import Notice, User
from institutions.permissions import Permission, ensure_permission
from institutions.services import audit

__all__ = [
    "ReceiptFile",
    "issue_decision",
    "issue_intent",
    "letter_of",
    "open_receipt",
    "record_handover",
    "serve_by_portal",
    "serve_standing_letter",
]

RECEIPT_RULE = "design: hand-over with receipt"


class ReceiptRefused(Invalid):
    """The file of a receipt is too large, empty, or not a picture, a PDF or a document."""

    code = "receipt-refused"


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """The signed receipt as it was sent: its name and its bytes."""

    name: str
    content: bytes


@transaction.atomic
def serve_by_portal(*, notice: Notice, now: datetime) -> Attribution:
    """Record that the person confirmed on their page that the letter reached them today; return the attribution.

    For the page behind number and access code, which is how the caller knows the person. A letter that was served, in
    whatever way, stays as it was served. Refuses a letter that a newer one has replaced.
    """
    letter = _letter_of(notice)
    attribution = moves.lock(letter.attribution)
    if Service.objects.filter(attribution=attribution, kind=letter.kind, window=letter.window).exists():
        return attribution
    _ensure_standing(attribution, letter)
    proof = f"{notice.number} {now.isoformat(timespec='seconds')}"
    delivery = Delivery(served_on=local_date(now), method=ServiceMethod.PORTAL, proof=proof)
    return _serve(attribution, letter, delivery, by=None, now=now)


@transaction.atomic
def serve_standing_letter(
    *,
    attribution: Attribution,
    method: ServiceMethod | str,
    served_on: date | None,
    proof: str,
    published_on: date | None = None,
    witness: str = "",
    by: User | None,
    now: datetime,
) -> Attribution:
    """Record how the letter that waits to be served reached the person: of the intent or of the decision.

    For a public notice the day of service follows from that of publication and need not be given. Refuses as
    `intents.serve_intent` and `decisions.serve_decision` do, and (409) where no letter waits.
    """
    if served_on is None and method == ServiceMethod.PUBLIC_NOTICE and published_on is not None:
        served_on = serving.served_by_public_notice(attribution, published_on)
    if served_on is None:
        raise RuleRefused(_("The day of service is required."), rule=serving.PROOF_RULE)
    serve = intents.serve_intent if attribution.state == State.PROPOSED else decisions.serve_decision
    return serve(
        attribution=attribution,
        served_on=served_on,
        method=method,
        proof=proof,
        published_on=published_on,
        witness=witness,
        by=by,
        now=now,
    )


@transaction.atomic
def record_handover(
    *, letter: Notice, on: date, receipt: str, file: ReceiptFile | None = None, by: User, now: datetime
) -> Service:
    """Record that the institution of the case handed a letter over, with what the person signed; return the service.

    `receipt` says where the signed receipt is kept or what it says; `file` is its picture. The same hand-over a second
    time changes nothing. Refuses whoever does not hand over letters there, a letter that was served otherwise or that a
    newer one has replaced, a receipt without a word, and a file of a kind that is not kept.
    """
    found = _letter_of(letter)
    ensure_permission(by, Permission.LETTER_HANDOVER, institution=found.attribution.case.institution)
    attribution = moves.lock(found.attribution)
    served = Service.objects.filter(attribution=attribution, kind=found.kind, window=found.window).first()
    if served is not None:
        return _same_handover(served, found, on)
    _ensure_standing(attribution, found)
    moves.ensure_day(on, earliest=local_date(found.issued_at), now=now, rule=RECEIPT_RULE)
    text = moves.ensure_text(receipt, _("What the receipt says"), RECEIPT_RULE)
    delivery = Delivery(served_on=on, method=ServiceMethod.HR_HANDOVER, proof=text)
    _serve(attribution, found, delivery, by=by, now=now)
    service = Service.objects.get(letter=found)
    if file is not None:
        _keep_receipt(service, file, by, now)
    return service


@transaction.atomic
def open_receipt(*, receipt: ServiceReceipt, by: User, now: datetime) -> bytes:
    """Return the bytes of a receipt and write the opening down; for officers who serve letters in the case's region.

    Refuses (409) a file that is gone or is no longer the one that came in.
    """
    region = receipt.service.attribution.case.region_id
    ensure_permission(by, Permission.ATTRIBUTION_SERVE, region=region)
    content = evidence_rows.read(receipt)
    if content is None or hashlib.sha256(content).hexdigest() != receipt.sha256:
        raise HashMismatch(
            _("Hash mismatch: the stored file of %(title)s is not the one that came in.")
            % {"title": receipt.file_name},
            rule=RECEIPT_RULE,
        )
    audit.record_event(
        action="letter.receipt_opened",
        subject=receipt.service.attribution,
        by=by,
        now=now,
        detail={"sha256": receipt.sha256},
        region=region,
    )
    return content


def letter_of(notice: Notice) -> IssuedLetter | None:
    """Return the letter of the procedure that a notice to a person is; None where it is none."""
    rows = IssuedLetter.objects.select_related("attribution__case__institution", "attribution__practitioner", "notice")
    return rows.filter(notice=notice).first()


def _letter_of(notice: Notice) -> IssuedLetter:
    letter = letter_of(notice)
    if letter is None:
        raise NotThere(_("This notice is not a letter that has to be served."))
    return letter


def _ensure_standing(attribution: Attribution, letter: IssuedLetter) -> None:
    standing = issuing.standing_letter(attribution)
    if standing is None or standing.pk != letter.pk:
        raise WrongState(
            _("This letter is no longer the one to be served: what it tells was changed since, or is over."),
            rule=issuing.RULE,
            state=attribution.state,
            next_step=_("Use the latest letter about this case.") if standing is not None else "",
        )


def _serve(
    attribution: Attribution, letter: IssuedLetter, delivery: Delivery, *, by: User | None, now: datetime
) -> Attribution:
    if letter.kind == ServiceKind.INTENT:
        return intents.record_intent_served(attribution=attribution, delivery=delivery, by=by, now=now)
    return decisions.record_decision_served(attribution=attribution, delivery=delivery, by=by, now=now)


def _same_handover(served: Service, letter: IssuedLetter, on: date) -> Service:
    if served.letter_id == letter.pk and served.method == ServiceMethod.HR_HANDOVER and served.on == on:
        return served
    raise WrongState(
        _("This letter was served on %(day)s already.") % {"day": served.on},
        rule=issuing.RULE,
        state=letter.attribution.state,
    )


def _keep_receipt(service: Service, file: ReceiptFile, by: User, now: datetime) -> ServiceReceipt:
    content_type = evidence_types.content_type_of(file.name, file.content)
    if content_type is None or len(file.content) > evidence_types.SIZE_MAX:
        raise ReceiptRefused(
            _("The file of the receipt is not of a kind that is kept, or is too large."),
            rule=RECEIPT_RULE,
            next_step=_("Send a PDF or a picture of at most %(size)d MB.")
            % {"size": evidence_types.SIZE_MAX // (1024 * 1024)},
        )
    sha256 = hashlib.sha256(file.content).hexdigest()
    name = receipt_address(sha256)
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(file.content))
    receipt = ServiceReceipt.objects.create(
        service=service,
        file=name,
        file_name=file.name[:200],
        content_type=content_type,
        size=len(file.content),
        sha256=sha256,
        added_at=now,
        added_by=by,
    )
    audit.record_event(
        action="letter.receipt_kept",
        subject=service.attribution,
        by=by,
        now=now,
        detail={"sha256": sha256, "size": len(file.content)},
        region=service.attribution.case.region_id,
    )
    return receipt
