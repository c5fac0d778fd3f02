"""Drafts of rulebooks: upload with exact faults, difference, effect on live data, activation by a second officer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import ClassVar, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget

from institutions import clock
from institutions.admin.officers import OfficerAdmin, ensure_not_forbidden
from institutions.errors import JifenError
from institutions.json_types import JsonObject
from institutions.models import AccessDoor, User
from institutions.permissions import Permission, has_permission, regions_for, within_codes
from institutions.requester import requester
from institutions.selectors import deputies
from institutions.services import record_access
from scoring.models import DraftState, EffectMode, RulebookDraft, RulebookEffect
from scoring.policy.account import Status
from scoring.selectors.roster_watch import STATUS_LABELS
from scoring.selectors.rulebook_drafts import active_rulebooks, book_of, differences, replaced_by
from scoring.services import rulebook_drafts
from scoring.services.rulebook_reading import SIZE_MAX, RulebookRefused
from scoring.views.fault_words import fault_in_words
from scoring.views.parameter_names import parameter_name

PAGE_SIZE = 50
REFRESH_SECONDS = 2
STATE_COLOURS = {
    "previewing": "info", "waiting": "warning", "failed": "danger", "activated": "success", "withdrawn": "info",
}  # fmt: skip
KIND_LABELS = {"suspend": gettext_lazy("suspension"), "terminate": gettext_lazy("termination")}


class DraftForm(forms.Form):
    """The pack of a draft, and what the second officer should know."""

    file = forms.FileField(
        label=gettext_lazy("Rulebook as YAML"),
        help_text=gettext_lazy("One version, in the form of docs/rulebooks.md. It is checked before it is kept."),
        widget=UnfoldAdminFileFieldWidget,
    )
    note = forms.CharField(
        label=gettext_lazy("Note for the second officer"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )

    def clean_file(self) -> bytes:
        """Return the bytes; a rulebook is small."""
        file = self.cleaned_data["file"]
        return bytes(file.read(SIZE_MAX + 1))


@admin.register(RulebookDraft)
class RulebookDraftAdmin(OfficerAdmin):
    """规则集草案."""

    view_permission = Permission.LEDGER_VIEW
    add_permission = Permission.RULEBOOK_DRAFT
    list_display = ("__str__", "title", "effective_from", "shown_state", "uploaded_by", "uploaded_at", "decided_by")
    list_select_related = ("uploaded_by", "decided_by")
    list_filter = ("state",)
    search_fields = ("rulebook", "title")
    actions_list: ClassVar = ["send"]

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that a draft is for the officer's regions; a national one needs the whole country."""
        return within_codes(regions_for(request.user, self.view_permission), "jurisdiction")

    @display(description=gettext_lazy("state"), ordering="state", label=STATE_COLOURS)
    def shown_state(self, draft: RulebookDraft) -> tuple[str, str]:
        """Say where it stands, in a colour."""
        return draft.state, draft.get_state_display()

    @action(description=gettext_lazy("Upload a rulebook"), url_path="send/", permissions=["add"])
    def send(self, request: HttpRequest) -> HttpResponse:
        """Lead to the upload page."""
        return redirect(reverse("admin:scoring_rulebookdraft_add"))

    def get_urls(self) -> list[URLPattern]:
        """Add the effect, and the acts on one draft."""
        view = self.admin_site.admin_view
        acts = ("activate", "withdraw", "renew", "publish")
        own = [path("<uuid:pk>/effect/", view(self.effect), name="rulebook-draft-effect")]
        own += [
            path(f"<uuid:pk>/{act}/", view(require_POST(self._act(act))), name=f"rulebook-draft-{act}") for act in acts
        ]
        return own + list(super().get_urls())

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """Take a pack; show every fault at its place, or lead to the draft."""
        if not self.has_add_permission(request):
            raise Http404
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = DraftForm(*posted)
        faults: list[object] = []
        if form.is_valid():
            try:
                draft = rulebook_drafts.upload_draft(
                    data=form.cleaned_data["file"],
                    note=form.cleaned_data["note"],
                    by=requester(request),
                    now=clock.now(),
                )
            except RulebookRefused as refused:
                form.add_error("file", str(refused))
                faults = [{**fault, "message": fault_in_words(str(fault["message"]))} for fault in refused.errors]
            except JifenError as refused:
                form.add_error(None, str(refused))
            else:
                return redirect(_page(draft))
        facts = self._facts(request, _("Upload a rulebook")) | {"form": form, "faults": faults}
        return render(request, "admin/rulebook_draft_form.html", facts, status=422 if form.errors else 200)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show a draft: what it says otherwise than the rules it would replace, and what may be done with it."""
        return self._draft(request, object_id)

    def _draft(self, request: HttpRequest, pk: str, *, status: int = 200) -> HttpResponse:
        draft = self._row(request, pk)
        book = book_of(draft)
        base = replaced_by(book, [b for b in active_rulebooks() if b.digest != book.digest])
        officer = requester(request)
        may_activate = has_permission(officer, Permission.RULEBOOK_ACTIVATE, region=draft.jurisdiction)
        may_draft = has_permission(officer, Permission.RULEBOOK_DRAFT, region=draft.jurisdiction)
        rows = differences(book, base)
        is_mine = _is_mine(draft, officer)
        facts = self._facts(request, str(draft)) | {
            "draft": draft,
            "base": base,
            "rows": [(parameter_name(row.change.path), row) for row in rows if not _is_text(row.change.path)],
            "texts": [row for row in rows if _is_text(row.change.path)],
            "refresh": REFRESH_SECONDS if draft.state == DraftState.PREVIEWING else 0,
            "modes": _modes(cast("JsonObject", draft.effect)),
            "may_renew": draft.is_open and draft.state != DraftState.PREVIEWING and may_draft,
            "may_withdraw": draft.is_open and may_draft,
            "may_publish": draft.state == DraftState.WAITING and may_activate and draft.published_at is None,
            "may_decide": draft.state == DraftState.WAITING and may_activate and not is_mine,
            "is_mine": is_mine,
        }
        return render(request, "admin/rulebook_draft.html", facts, status=status)

    def effect(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show everybody for whom the draft changes something, write the opening down, and offer the activation."""
        draft = self._row(request, str(pk))
        officer, now = requester(request), clock.now()
        if draft.state != DraftState.WAITING:
            return redirect(_page(draft))
        mode = request.GET.get("mode", EffectMode.ACTIVATION)
        if mode not in EffectMode.values:
            raise Http404
        people = RulebookEffect.objects.filter(draft=draft, mode=mode).select_related("practitioner")
        page = Paginator(people.order_by("practitioner__name", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
        rulebook_drafts.open_effect(draft=draft, by=officer, now=now)
        record_access.note_access(
            practitioners=[row.practitioner_id for row in page.object_list],
            door=AccessDoor.ACCOUNT,
            permission=self.view_permission,
            by=officer,
            now=now,
        )
        may_activate = has_permission(officer, Permission.RULEBOOK_ACTIVATE, region=draft.jurisdiction)
        is_mine = _is_mine(draft, officer)
        facts = self._facts(request, _("Effect of %(draft)s") % {"draft": draft}) | {
            "draft": draft,
            "mode": mode,
            "modes": _modes(cast("JsonObject", draft.effect)),
            "page": page,
            "rows": [_shown(row) for row in page.object_list],
            "page_url": _page(draft),
            "may_decide": may_activate and not is_mine,
            "is_mine": is_mine,
        }
        return render(request, "admin/rulebook_effect.html", facts)

    def _act(self, name: str) -> Callable[[HttpRequest, UUID], HttpResponse]:
        def view(request: HttpRequest, pk: UUID) -> HttpResponse:
            draft = self._row(request, str(pk))
            try:
                _do(name, draft, request)
            except JifenError as refused:
                ensure_not_forbidden(refused)
                messages.error(request, str(refused))
                return self._draft(request, str(pk), status=refused.status)
            return redirect(_page(draft))

        return view

    def _row(self, request: HttpRequest, pk: str) -> RulebookDraft:
        if not self.has_view_permission(request):
            raise Http404
        rows: QuerySet[Model] = self.get_queryset(request)
        found = get_object_or_404(rows.select_related("uploaded_by", "decided_by", "activated_version"), pk=pk)
        assert isinstance(found, RulebookDraft)
        return found

    def _facts(self, request: HttpRequest, title: str) -> dict[str, object]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}


def _do(name: str, draft: RulebookDraft, request: HttpRequest) -> None:
    by, now = requester(request), clock.now()
    match name:
        case "activate":
            seen = request.POST.get("seen", "")
            rulebook_drafts.activate_draft(draft=draft, effect_digest=seen, by=by, now=now)
            messages.success(request, _("The rulebook is active."))
        case "withdraw":
            rulebook_drafts.withdraw_draft(draft=draft, reason=request.POST.get("reason", ""), by=by, now=now)
        case "renew":
            rulebook_drafts.renew_effect(draft=draft, by=by, now=now)
        case "publish":
            rulebook_drafts.publish_effect(draft=draft, by=by, now=now)


def _is_mine(draft: RulebookDraft, officer: User) -> bool:
    """Say whether the officer uploaded the draft, or counts as one person with whoever did."""
    uploader = draft.uploaded_by_id
    return uploader == officer.pk or bool(deputies.as_one(officer, [uploader], subject=draft))


def _is_text(parameter: str) -> bool:
    """Say whether a parameter is the wording of a clause, which is shown at length."""
    return parameter.startswith("clauses.") and parameter.rpartition(".")[2] in ("title", "title_en", "text")


def _modes(effect: JsonObject) -> list[dict[str, object]]:
    """The counts of either question, in words."""
    shown = []
    for mode in EffectMode:
        counts = effect.get(mode.value)
        if isinstance(counts, dict):
            moves = cast("dict[str, int]", counts.get("moves", {}))
            causes = cast("dict[str, int]", counts.get("causes", {}))
            shown.append(
                {
                    "mode": mode.value,
                    "label": mode.label,
                    "people": counts.get("people", 0),
                    "since": _day(counts.get("since")),
                    "moves": [(_move(move), count) for move, count in moves.items()],
                    "causes": [(parameter_name(cause), cause, count) for cause, count in causes.items()],
                }
            )
    return shown


def _move(move: str) -> str:
    before, _sep, after = move.partition(">")
    if before == after:
        return _("%(status)s as before, other dates or points") % {"status": STATUS_LABELS[Status(before)]}
    return f"{STATUS_LABELS[Status(before)]} → {STATUS_LABELS[Status(after)]}"


def _shown(row: RulebookEffect) -> dict[str, object]:
    return {
        "person": row.practitioner,
        "before": _standing(row.before),
        "after": _standing(row.after),
        "causes": [parameter_name(cause) for cause in row.causes],
        "stages": [_stage(stage) for stage in row.stage.split(",") if stage],
    }


def _standing(standing: dict[str, object]) -> dict[str, object]:
    measures = cast("list[dict[str, str]]", standing["measures"])
    return {
        "status": STATUS_LABELS[Status(str(standing["status"]))],
        "since": _day(standing["since"]),
        "until": _day(standing["until"]),
        "points": standing["points"],
        "measures": [
            (KIND_LABELS.get(measure["kind"], measure["kind"]), _day(measure["starts_on"]), _day(measure["ends_on"]))
            for measure in measures
        ],
    }


def _stage(stage: str) -> str:
    """How far a decision on its way is, in words; scoring knows only the word it was given."""
    labels = {
        "proposed": _("proposed"),
        "intent_served": _("the person was told"),
        "decided": _("decided, not served"),
        "served": _("served, not in effect yet"),
    }
    return labels.get(stage, stage)


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def _page(draft: RulebookDraft) -> str:
    return reverse("admin:scoring_rulebookdraft_change", args=[draft.pk])
