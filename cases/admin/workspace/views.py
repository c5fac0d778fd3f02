"""The workspace of a case: one page where officers see everything and take every act that is legal now."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from cases.admin.workspace import acts, evidence, page
from cases.admin.workspace.editor import NEW, PROVISIONAL, Editor, Fault, open_editor, redrawn, sent_editor
from cases.admin.workspace.page import Workspace
from cases.admin.workspace.panel import panel_facts, preview_facts
from cases.errors import ChangedMeanwhile
from cases.models import Attribution, CaseFile
from cases.selectors import case_files
from cases.selectors.people_to_name import candidates
from cases.selectors.timelines import Happening
from institutions import clock
from institutions.admin.officers import OfficerAdmin, ensure_may_act
from institutions.errors import Forbidden, JifenError, NotThere
from institutions.models import AccessDoor, Practitioner
from institutions.permissions import Permission, has_permission, regions_for
from institutions.requester import requester
from institutions.selectors.practitioners import by_slug
from institutions.services import record_access

PAGE = "admin/workspace/page.html"
RIGHTS = {
    "propose": Permission.ATTRIBUTION_PROPOSE,
    "serve": Permission.ATTRIBUTION_SERVE,
    "link": Permission.CASE_IMPORT,
    "annul": Permission.BASIS_ANNUL,
    "evidence": Permission.EVIDENCE_VIEW,
    "redact": Permission.EVIDENCE_REDACT,
    "decide": Permission.ATTRIBUTION_DECIDE,
}


class WorkspaceAdmin(OfficerAdmin):
    """Makes the workspace the page of a case in the officers' admin."""

    def get_urls(self) -> list[URLPattern]:
        """Add the doors of the workspace."""
        view = self.admin_site.admin_view
        doors = {
            "": ("casefile-workspace", require_GET(self.workspace)),
            "people/": ("casefile-people", require_GET(self.people)),
            "preview/": ("casefile-preview", require_POST(self.preview)),
            "lines/": ("casefile-lines", require_POST(self.redraw)),
            "person/": ("casefile-person", require_POST(self.save_person)),
            "act/": ("casefile-act", require_POST(self.act)),
        }
        own = [path(f"<uuid:case_id>/workspace/{end}", view(door), name=name) for end, (name, door) in doors.items()]
        opening = require_POST(self.open_evidence)
        own.append(path("<uuid:case_id>/workspace/evidence/<str:key>/", view(opening), name="casefile-evidence"))
        return own + list(super().get_urls())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the workspace, which is the page of a case; what it says is changed by its acts only."""
        if request.method != "GET":
            raise PermissionDenied
        return self.workspace(request, object_id)

    def workspace(self, request: HttpRequest, case_id: str) -> HttpResponse:
        """Show the case; `?person=` opens somebody's part, `?new=` adds a person, `?provisional=1` an unknown one."""
        found = page.read(self._case(request, case_id), now=clock.now())
        editor = None
        if key := request.GET.get("person"):
            attribution = found.attribution(key)
            if attribution is None:
                raise Http404
            editor = open_editor(found.case, found.offer, attribution=attribution)
        elif NEW in request.GET or PROVISIONAL in request.GET:
            person = self._person(request, found, request.GET.get(NEW, "")) if NEW in request.GET else None
            editor = open_editor(found.case, found.offer, person=person)
        return self._workspace(request, found, editor)

    def people(self, request: HttpRequest, case_id: str) -> HttpResponse:
        """Answer the search for a person: those of the institution first."""
        case = self._case(request, case_id)
        prefixes = regions_for(request.user, Permission.LEDGER_VIEW)
        listed = candidates(case, request.GET.get("q", ""), prefixes=prefixes, on=clock.today())
        return render(request, "admin/workspace/people.html", {"case": case, "candidates": listed})

    def preview(self, request: HttpRequest, case_id: str) -> HttpResponse:
        """Compute the preview anew with what the form says now; nothing is saved."""
        found, editor = self._sent(request, case_id)
        facts = preview_facts(found, editor, request.POST.get("on", ""), requester(request))
        return render(request, "admin/workspace/preview_answer.html", facts)

    def redraw(self, request: HttpRequest, case_id: str) -> HttpResponse:
        """Show the sent form with a line more (`add`: a finding) or less (`remove`: its place); nothing is saved."""
        found, editor = self._sent(request, case_id)
        if editor is None:
            raise Http404
        changed = redrawn(editor, add=request.POST.get("add", ""), remove=request.POST.get("remove", ""))
        if request.headers.get("HX-Request"):
            facts = {"case": found.case} | panel_facts(found, changed, requester(request), found.now)
            answer = render(request, "admin/workspace/lines.html", facts)
            answer["HX-Trigger-After-Swap"] = "redrawn"
            return answer
        return self._workspace(request, found, changed)

    def save_person(self, request: HttpRequest, case_id: str) -> HttpResponse:
        """Save one person's part; 409 where somebody else changed it meanwhile, 422 where something is not valid."""
        found, editor = self._sent(request, case_id)
        ensure_may_act(request, Permission.ATTRIBUTION_PROPOSE, region=found.case.region_id)
        if editor is None:
            raise Http404
        status = 422
        if editor.is_valid():
            propose = request.POST.get("then") == "propose"
            try:
                saved = editor.save(propose=propose, by=requester(request), now=found.now)
            except Forbidden as refusal:
                raise PermissionDenied(str(refusal)) from refusal
            except JifenError as refusal:
                status = refusal.status
                editor.refuse(refusal)
                if isinstance(refusal, ChangedMeanwhile) and editor.attribution is not None:
                    editor.on_record = list(editor.attribution.lines.all())
            else:
                messages.success(request, _("Saved and proposed.") if propose else _("Saved."))
                return redirect(f"{_address(found.case)}?person={saved.pk}#person")
        return self._workspace(request, found, editor, status=status)

    def act(self, request: HttpRequest, case_id: str) -> HttpResponse:
        """Take one act; what the service refuses stands beside its form, with everything that was typed in."""
        found = page.read(self._case(request, case_id), now=clock.now())
        ensure_may_act(
            request, *(needed for name, needed in RIGHTS.items() if name != "evidence"), region=found.case.region_id
        )
        name = request.POST.get("move", "")
        act, attribution = acts.ACTS.get(name), found.attribution(request.POST.get("attribution", ""))
        if act is None or (request.POST.get("attribution") and attribution is None):
            raise Http404
        form = acts.form_of(name, request, found, self._visible(request), is_sent=True)
        status = 422
        if form.is_valid():
            sent = acts.Sent(request, found.case, attribution, form.cleaned_data, requester(request), found.now)
            try:
                said = act.do(sent)
            except Forbidden as refusal:
                raise PermissionDenied(str(refusal)) from refusal
            except NotThere as refusal:
                raise Http404 from refusal
            except JifenError as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, said)
                back = f"?person={attribution.pk}#person" if attribution is not None else ""
                return redirect(_address(found.case) + back)
        editor = open_editor(found.case, found.offer, attribution=attribution) if attribution is not None else None
        return self._workspace(request, found, editor, status=status, sent=(name, form))

    def open_evidence(self, request: HttpRequest, case_id: str, key: str) -> HttpResponse:
        """Hand out a piece of evidence, or a redacted copy, to be read in place; the opening is written down first."""
        return evidence.opened(request, self._case(request, case_id), key)

    def _workspace(
        self,
        request: HttpRequest,
        found: Workspace,
        editor: Editor | None,
        *,
        status: int = 200,
        sent: tuple[str, Any] | None = None,
    ) -> HttpResponse:
        by, now = requester(request), found.now
        self._note_reading(request, found, editor)
        facts = page.facts(found)
        forms_ = {name: acts.form_of(name, request, found, self._visible(request), is_sent=False) for name in acts.ACTS}
        refused: list[Fault] = []
        if sent is not None:
            forms_[sent[0]] = sent[1]
            refused = [
                Fault(f"act-{sent[0]}", str(acts.ACTS[sent[0]].label), str(error))
                for errors in sent[1].errors.values()
                for error in errors
            ]
        context = {
            **self.admin_site.each_context(request),
            **facts,
            **preview_facts(found, editor, "", by),
            **(panel_facts(found, editor, by, now) if editor is not None else {}),
            "title": found.case.number,
            "opts": self.model._meta,
            "acts": {
                name: {"form": forms_[name], "label": act.label, "name": name, "has_file": act.has_file}
                for name, act in acts.ACTS.items()
            },
            "refused": refused,
            "may": _rights(by, found.case),
            "changed_by": _last_change(facts["timeline"], editor),
            "is_adding": editor is not None and editor.attribution is None,
        }
        return render(request, PAGE, context, status=status)

    def _note_reading(self, request: HttpRequest, found: Workspace, editor: Editor | None) -> None:
        """The page shows what stands on record of everybody in the case: each of them may know who looked."""
        people = [row.practitioner_id for row in found.attributions]
        if editor is not None and editor.attribution is None and editor.person is not None:
            people.append(editor.person.pk)
        record_access.note_access(
            practitioners=people,
            door=AccessDoor.CASE,
            permission=Permission.CASE_VIEW,
            by=requester(request),
            now=found.now,
        )

    def _case(self, request: HttpRequest, case_id: object) -> CaseFile:
        if not self.has_view_permission(request):
            raise PermissionDenied
        case = page.visible_case(self.get_queryset(request), str(case_id))
        if case is None:
            raise Http404
        return case

    def _visible(self, request: HttpRequest) -> Any:  # noqa: ANN401 - a queryset that the form narrows
        return case_files.visible_to(requester(request))

    def _sent(self, request: HttpRequest, case_id: str) -> tuple[Workspace, Editor | None]:
        """The case, and the form of a person as it was sent; None where none is open."""
        found = page.read(self._case(request, case_id), now=clock.now())
        key, slug = request.POST.get("attribution", ""), request.POST.get("practitioner", "")
        attribution: Attribution | None = None
        person: Practitioner | None = None
        if key:
            attribution = found.attribution(key)
            if attribution is None:
                raise Http404
        elif slug:
            person = self._person(request, found, slug)
        elif PROVISIONAL not in request.POST:
            return found, None
        return found, sent_editor(request.POST, found.case, found.offer, attribution=attribution, person=person)

    def _person(self, request: HttpRequest, found: Workspace, slug: str) -> Practitioner:
        person = by_slug(slug)
        if person is None or person.merged_into_id is not None:
            raise Http404
        return person


def _rights(by: Any, case: CaseFile) -> dict[str, bool]:  # noqa: ANN401 - the officer
    """What the officer may do with the case as a whole; the services ask again."""
    may = {name: has_permission(by, permission, region=case.region_id) for name, permission in RIGHTS.items()}
    is_open = not (case.basis.is_annulled or case.is_withdrawn)
    return may | {"tick": is_open and (may["propose"] or may["serve"])}


def _last_change(timeline: list[Happening], editor: Editor | None) -> Happening | None:
    """The latest change of the attribution that somebody else changed meanwhile."""
    if editor is None or editor.on_record is None:
        return None
    return next((item for item in timeline if item.subject == editor.key and item.noun == "attribution"), None)


def _address(case: CaseFile) -> str:
    return reverse("admin:casefile-workspace", args=[case.pk])
