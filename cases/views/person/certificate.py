"""`/n/{number}/certificate.pdf`: a signed certificate of the person's status, to be shown to whom they like."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.views.person.doors import Visit, behind_letter
from cases.views.person.letter import frame
from institutions.errors import JifenError
from scoring.services import certificates
from scoring.views.certificate_sheet import certificate_response


@require_safe
@behind_letter
def certificate(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Issue a certificate of today and hand it out; say calmly where nothing is published."""
    try:
        made = certificates.issue_to_person(notice=visit.notice, now=visit.now)
    except JifenError as refused:
        return render(request, "person/no_certificate.html", frame(visit) | {"refused": refused}, status=refused.status)
    return certificate_response(made)
