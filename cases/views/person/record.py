"""`/n/{number}/record`: what is kept about the person, who looked at it, corrections of it, and a copy of it all."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import DataRequest, DataRequestKind
from cases.services import data_requests
from cases.services.own_file import own_file_archive
from cases.views.person import forms
from cases.views.person.doors import Visit, behind_letter
from cases.views.person.letter import frame, language
from institutions.errors import JifenError
from institutions.selectors.practitioners import record_ids
from institutions.selectors.record_access import access_report
from institutions.services import audit


@require_safe
@behind_letter
def record(request: HttpRequest, visit: Visit) -> HttpResponse:
    """List who looked at or received the record, and the requests to correct it with their answers."""
    shown = {"report": access_report(visit.person), "requests": _requests(visit)}
    return render(request, "person/record.html", frame(visit) | shown)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_protect
@behind_letter
def correction(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask what is wrong in the data; file the request, and show it with its number."""
    facts: dict[str, object] = {"kinds": DataRequestKind.choices, "text_max": data_requests.TEXT_LENGTH_MAX}
    if request.method != "POST":
        first = forms.Sent({"kind": request.GET.get("kind", "")})
        return forms.show(request, visit, "person/correction.html", facts, first)
    sent = forms.read(request, "kind", "text", with_files=False)
    if sent.values["kind"] not in DataRequestKind.values:
        sent.problems.append({"field": "kind", "message": _("Choose what the request is about.")})
    sent.require("text", _("Write what is wrong, and what should stand there."))
    sent.limit(
        "text",
        data_requests.TEXT_LENGTH_MAX,
        _("Write at most %(max)d characters.") % {"max": data_requests.TEXT_LENGTH_MAX},
    )
    if not sent.problems:
        try:
            data_requests.file_request(
                notice=visit.notice, kind=sent.values["kind"], text=sent.values["text"], now=visit.now
            )
        except JifenError as refused:
            sent.refuse(refused, "text")
            return forms.show(request, visit, "person/correction.html", facts, sent, status=refused.status)
        return redirect(reverse("letter-record", args=[visit.notice.number]) + "#requests")
    return forms.show(request, visit, "person/correction.html", facts, sent)


@require_safe
@behind_letter
def export(request: HttpRequest, visit: Visit) -> FileResponse:
    """Hand out everything kept about the person as one archive: data as JSON, letters as PDF, files handed in."""
    archive = own_file_archive(visit.person, opened=visit.notice, now=visit.now, language=language())
    audit.record_event(
        action="own_file.exported",
        subject=visit.notice,
        by=None,
        now=visit.now,
        detail={"number": visit.notice.number},
        region=visit.notice.region_id or "",
    )
    name = f"jifen-{visit.person.slug}-{visit.today.isoformat()}.zip"
    return FileResponse(archive, as_attachment=True, filename=name, content_type="application/zip")


def _requests(visit: Visit) -> list[DataRequest]:
    return list(DataRequest.objects.filter(practitioner__in=record_ids(visit.person)).order_by("-filed_at"))
