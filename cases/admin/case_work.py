"""Cases and attributions in the officers' admin: to be read. Every change goes through the services."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.admin.annulments import AnnulmentAction
from cases.admin.appeal_links import appeal_links
from cases.admin.assessments import AssessmentsAction
from cases.admin.closings import ClosingAction
from cases.admin.decisions import DecisionAction
from cases.admin.dispersion import DispersionAction
from cases.admin.letters import LetterActions
from cases.admin.manifests import ManifestAction
from cases.admin.questions import QuestionsAction
from cases.admin.workspace import WorkspaceAdmin
from cases.models import (
    Attribution,
    AttributionLine,
    CaseFile,
    Countersignature,
    Evidence,
    EvidenceAccess,
    Proposal,
    Service,
    Statement,
)
from cases.services import evidence as evidence_rows
from institutions.admin.inlines import ReadOnlyInline
from institutions.admin.officers import OfficerAdmin
from institutions.models import AccessDoor
from institutions.permissions import Permission

FROM_CHARTS = ("case__region__code__startswith", "lines__clause")


class LinesInline(ReadOnlyInline):
    """What a person is held responsible for."""

    model = AttributionLine
    fields = ("finding", "clause", "degree", "points", "amount", "reasoning", "pieces")
    readonly_fields = ("finding", "pieces")

    @admin.display(description=gettext_lazy("evidence"))
    def pieces(self, line: AttributionLine) -> str:
        """Name the evidence."""
        return ", ".join(f"{piece.key} {piece.title}" for piece in line.evidence.all())


class ProposalsInline(ReadOnlyInline):
    """Every proposal, with the signature under it."""

    model = Proposal
    fields = ("number", "proposed_by", "proposed_at", "points", "months", "signature")
    readonly_fields = ("proposed_by", "signature")

    @admin.display(description=gettext_lazy("countersignature"))
    def signature(self, proposal: Proposal) -> str:
        """Say who signed, why, and whether the signature still counts."""
        signed = Countersignature.objects.filter(proposal=proposal).select_related("signed_by").first()
        if signed is None:
            return "–"
        validity = _("valid") if signed.is_valid else _("void: the proposal was changed")
        return f"{signed.signed_by}: {signed.reason} ({validity})"


class ServicesInline(ReadOnlyInline):
    """How letters reached the person."""

    model = Service
    fields = ("kind", "window", "method", "on", "proof", "recorded_at", "recorded_by")
    readonly_fields = ("recorded_by",)


class StatementsInline(ReadOnlyInline):
    """What the person said, and the answers."""

    model = Statement
    fields = ("window", "received_at", "text", "answer", "answered_at", "answered_by")
    readonly_fields = ("answered_by",)


@admin.register(CaseFile)
class CaseFileAdmin(WorkspaceAdmin, AnnulmentAction, ClosingAction, QuestionsAction, DispersionAction):
    """Case files of the officer's regions."""

    view_permission = Permission.CASE_VIEW
    region_path = "region"
    list_display = ("number", "institution", "region", "source", "basis_document", "decided_on", "opened_at")
    list_filter = ("source", "basis__kind")
    list_select_related = ("institution", "region", "basis")
    search_fields = ("number", "basis__document")
    search_people, search_places = "attributions__practitioner", "institution"
    sortable_by = ("opened_at",)
    actions_detail: ClassVar = ["show_questions", "show_closing", "annulment"]
    actions_list: ClassVar = ["show_dispersion"]

    @admin.display(description=gettext_lazy("basis"))
    def basis_document(self, case: CaseFile) -> str:
        """Name the decision."""
        return case.basis.document

    @admin.display(description=gettext_lazy("decided on"), ordering="basis__decided_on")
    def decided_on(self, case: CaseFile) -> object:
        """Say when the institution's case was decided."""
        return case.basis.decided_on


@admin.register(Attribution)
class AttributionAdmin(DecisionAction, AssessmentsAction, LetterActions, ManifestAction):
    """Attributions in cases of the officer's regions."""

    view_permission = Permission.CASE_VIEW
    region_path = "case__region"
    record_path = "practitioner"
    record_door = AccessDoor.CASE
    list_display = ("case", "practitioner", "state", "statement_deadline_on", "served_on", "effective_at")
    list_filter = ("state", "case__source")
    list_select_related = ("case", "practitioner")
    search_fields = ("case__number", "case__basis__document")
    search_people, search_places = "practitioner", "case__institution"
    ordering = ("-id",)
    fields = (
        "case", "practitioner", "state", "months", "countersign_reason", "proposed_by", "proposed_at", "window",
        "intent_served_on", "statement_deadline_on", "deadline_provisional", "decision", "decision_reasons",
        "decided_by", "decided_at", "served_on", "service_proof", "effective_at", "entry", "set_aside_at",
        "set_aside_by", "set_aside_reason", "appeals",
    )  # fmt: skip
    readonly_fields: ClassVar = ("appeals",)
    inlines: ClassVar = [LinesInline, ProposalsInline, ServicesInline, StatementsInline]
    actions_detail: ClassVar = ["show_decision", "show_assessments", "letters", "manifest"]
    actions_list: ClassVar = ["show_several"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Let charts lead to the decisions of a region and of a clause."""
        return lookup in FROM_CHARTS or bool(super().lookup_allowed(lookup, value, request))

    @admin.display(description=gettext_lazy("appeals"))
    def appeals(self, attribution: Attribution) -> SafeString | str:
        """Lead to the appeals against it."""
        return appeal_links(attribution.appeals.order_by("level", "filed_at"))


@admin.register(Evidence)
class EvidenceAdmin(OfficerAdmin):
    """Evidence of cases of the officer's regions; opening a file leaves a line in the log of openings."""

    view_permission = Permission.EVIDENCE_VIEW
    region_path = "case__region"
    list_display = ("key", "title", "case", "content_type", "size", "added_at")
    list_select_related = ("case",)
    search_fields = ("case__number", "=sha256")
    search_places = "case__institution"
    ordering = ("-id",)
    fields = (
        "case", "key", "title", "file_name", "content_type", "size", "sha256", "hash_check", "open_file", "added_at",
        "added_by",
    )  # fmt: skip
    readonly_fields = ("hash_check", "open_file")

    @admin.display(description=gettext_lazy("hash check"))
    def hash_check(self, piece: Evidence) -> str:
        """Read the file and compare."""
        return hash_check(piece)

    @admin.display(description=gettext_lazy("file"))
    def open_file(self, piece: Evidence) -> SafeString:
        """Link to the door that hands out the file and writes the opening down."""
        address = reverse("case-evidence", args=[piece.case_id, piece.key])
        return format_html('<a href="{}">{}</a>', address, _("Download (the opening is written down)"))


@admin.register(EvidenceAccess)
class EvidenceAccessAdmin(OfficerAdmin):
    """Who opened which piece of evidence, for auditors."""

    view_permission = Permission.AUDIT_VIEW
    region_path = "evidence__case__region"
    list_display = ("opened_at", "evidence", "opened_by", "purpose", "hash_matched")
    list_filter = ("hash_matched",)
    list_select_related = ("evidence", "opened_by")
    search_fields = ("=evidence__case__number", "=opened_by__username")
    ordering = ("-id",)


def hash_check(piece: Evidence) -> str:
    """Say whether the stored file is the one that came in."""
    return _("unchanged") if evidence_rows.is_unchanged(piece) else _("hash mismatch")
