"""`/verify/`: whether a status certificate is valid, superseded, expired or forged; and the keys to check with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from institutions import clock, signatures
from institutions.selectors import freshness
from scoring.api.throttling import LookupThrottle
from scoring.selectors.certificates import CertificateState, Verified, verify
from scoring.views.caching import never_indexed
from scoring.views.scorecard_page import SHAPES, category_name, status_sentence, status_word
from scoring.views.search import too_often

STATUSES = {
    CertificateState.VALID: 200,
    CertificateState.SUPERSEDED: 200,
    CertificateState.EXPIRED: 410,
    CertificateState.FORGED: 422,
}
SIGNS = {
    CertificateState.VALID: "ok",
    CertificateState.SUPERSEDED: "hold",
    CertificateState.EXPIRED: "quiet",
    CertificateState.FORGED: "stop",
}


@require_safe
@never_indexed
def verify_form(request: HttpRequest) -> HttpResponse:
    """Ask for the text of a certificate, or lead to its check: a pasted address counts as its last part."""
    asked = request.GET.get("certificate", "").strip()
    if asked:
        return redirect("verify-certificate", token=asked.rstrip("/").rpartition("/")[2][:300] or "-")
    problems = []
    if "certificate" in request.GET:
        problems = [{"field": "certificate", "message": _("Paste the text that stands under the QR code.")}]
    facts = {"problems": problems, "errors": {item["field"]: item["message"] for item in problems}}
    return render(request, "scoring/verify_form.html", facts, status=422 if problems else 200)


@require_safe
@never_indexed
def verify_certificate(request: HttpRequest, token: str) -> HttpResponse:
    """Say what a certificate is worth today; of an expired one nothing is told but that it is over (410)."""
    throttle = LookupThrottle()
    if not throttle.allows(request):
        return too_often(request, throttle.wait())
    now = clock.now()
    on = freshness.as_of(now)
    found = verify(token, on=on, now=now)
    facts = {
        "state": found.state.value,
        "shape": SIGNS[found.state],
        "token": found.token,
        "as_of": on,
        "card": found.card,
        "status": _status(found),
    }
    return render(request, "scoring/verify.html", facts, status=STATUSES[found.state])


@require_safe
def keys(request: HttpRequest) -> JsonResponse:
    """Send the public keys, the present one first, with what they sign."""
    listed = [
        {"key_id": key.key_id, "algorithm": "Ed25519", "public_key": key.value, "is_current": key.is_current}
        for key in signatures.public_keys()
    ]
    response = JsonResponse({"signed": "jifen-certificate:J1.slug.issued.until.digest", "keys": listed})
    response["Cache-Control"] = "public, max-age=3600"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _status(found: Verified) -> dict[str, str]:
    if found.card is None:
        return {}
    return {
        "shape": SHAPES[found.card.status],  # type: ignore[index]  # a Status is a str
        "word": status_word(found.card.status),
        "sentence": status_sentence(found.card),
        "category": category_name(found.card.category),
    }
