"""The status certificate on paper: from what was issued to the words and the file. Decides nothing."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from institutions import signatures
from institutions.letters import sheets
from scoring.policy.account import Status
from scoring.selectors.public_facts import PublicScorecard
from scoring.services.certificates import Certificate
from scoring.templatetags.pages import day
from scoring.views.scorecard_page import category_name, status_sentence, status_word

TEMPLATE = "certificate.typ"


def certificate_response(made: Certificate) -> HttpResponse:
    """Hand out a certificate as a PDF in the reader's language; nothing keeps a copy of it."""
    response = HttpResponse(
        sheets.as_pdf(TEMPLATE, sheet_facts(made), on=made.token.issued_on), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'attachment; filename="jifen-{made.token.issued_on:%Y%m%d}.pdf"'
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def sheet_facts(made: Certificate) -> dict[str, object]:
    """Everything the sheet writes."""
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    with translation.override(language):
        address = settings.PUBLIC_URL + reverse("verify-certificate", args=[made.token.text])
        return {
            "lang": "en" if language == "en" else "zh",
            "region": "GB" if language == "en" else "CN",
            "title": _("Certificate of payment qualification"),
            "issuer": _("Medical insurance administration"),
            "name": made.card.name,
            "category": category_name(made.card.category),
            "status": status_word(made.card.status),
            "sentence": status_sentence(made.card),
            "facts": _rows(made),
            "qr": sheets.qr_svg(address),
            "token": made.token.text,
            "footer": _(
                "About insurance payment only; not a judgement of medical skill, and not a licence to practise."
            ),
            "attachment": _attachment(made),
            "words": {
                "check": _("Check before you rely on it"),
                "qr": _("QR code that leads to the check of this certificate"),
                "how": _(
                    "Scan the code. The page says whether this certificate is valid, superseded, expired or forged, and"
                    " shows the facts of the day: compare them with this sheet."
                ),
                "limits": _("Without the check this sheet proves nothing: it may have been overtaken or altered."),
                "signature": _("Signed text (Ed25519)"),
                "attachment": _("What was signed, with the signature and the public key"),
            },
        }


def _rows(made: Certificate) -> list[tuple[str, str]]:
    card = made.card
    rows = [(_("Institution"), pgettext("between items of a list", "; ").join(site.name for site in card.institutions))]
    if card.status_from and card.status != Status.NORMAL:
        rows.append((_("First day"), day(card.status_from)))
    if card.until:
        rows.append((_("Last day"), day(card.until)))
    if card.points is not None:
        rows.append((_("Points in %(year)s") % {"year": made.as_of.year}, _points(card)))
    rows.append((_("As of"), day(made.as_of)))
    rows.append((_("May be shown until"), day(made.token.valid_until)))
    return [(label, value) for label, value in rows if value]


def _points(card: PublicScorecard) -> str:
    return _("%(points)s of %(full)s") % {"points": card.points, "full": card.rulebook.full_at}


def _attachment(made: Certificate) -> str:
    (current, *_retired) = signatures.public_keys()
    facts = {
        "certificate": made.facts,
        "as_of": made.as_of.isoformat(),
        "valid_until": made.token.valid_until.isoformat(),
        "signed": made.token.message.decode(),
        "signature": made.token.value,
        "algorithm": "Ed25519",
        "public_key": current.value,
        "public_keys": settings.PUBLIC_URL + reverse("certificate-keys"),
    }
    return json.dumps(facts, ensure_ascii=False, indent=1)
