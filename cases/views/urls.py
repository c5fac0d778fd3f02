"""Addresses of the pages of `cases`: typical cases, behind a letter (`/n/…`), in the portal (`/portal/handovers/`)."""

from django.urls import URLPattern, path

from cases.api.handovers import HandoverDetail, HandoverList
from cases.views import handover, typical_case_feed, typical_cases
from cases.views.person import (
    appeal,
    certificate,
    doors,
    facts,
    letter,
    manifest,
    options,
    own_statement,
    record,
    repair,
    statement,
)

_LETTER = "n/<str:number>"

urlpatterns: list[URLPattern] = [
    path("cases/", typical_cases.case_list, name="typical-cases"),
    path("cases/feed.atom", typical_case_feed.case_feed, name="typical-case-feed"),
    path("cases/<slug:slug>", typical_cases.case_page, name="typical-case"),
    path("n/", doors.code_page, name="letter-code"),
    path(_LETTER, letter.letter, name="letter"),
    path(_LETTER + "/letter.pdf", letter.letter_pdf, name="letter-pdf"),
    path(_LETTER + "/received", letter.received, name="letter-received"),
    path(_LETTER + "/leave", letter.leave, name="letter-leave"),
    path(_LETTER + "/facts", facts.facts, name="letter-facts"),
    path(_LETTER + "/evidence/<uuid:copy_id>", facts.evidence, name="letter-evidence"),
    path(_LETTER + "/statement", statement.statement, name="letter-statement"),
    path(_LETTER + "/statement/<str:receipt>", statement.receipt, name="letter-statement-receipt"),
    path(_LETTER + "/appeal", appeal.appeal, name="letter-appeal"),
    path(_LETTER + "/appeal/<str:receipt>", appeal.appeal_course, name="letter-appeal-course"),
    path(_LETTER + "/appeal/<str:receipt>/withdraw", appeal.withdraw, name="letter-withdraw"),
    path(_LETTER + "/appeal/<str:receipt>/second-review", appeal.elevate, name="letter-elevate"),
    path(_LETTER + "/manifest", manifest.manifest, name="letter-manifest"),
    path(_LETTER + "/options", options.options, name="letter-options"),
    path(_LETTER + "/facts.json", repair.facts_file, name="letter-facts-file"),
    path(_LETTER + "/repair", repair.repair, name="letter-repair"),
    path(_LETTER + "/repair/<str:receipt>", repair.application, name="letter-repair-application"),
    path(_LETTER + "/own-statement", own_statement.own_statement, name="letter-own-statement"),
    path(_LETTER + "/own-statement/withdraw", own_statement.withdraw, name="letter-own-statement-withdraw"),
    path(_LETTER + "/certificate.pdf", certificate.certificate, name="letter-certificate"),
    path(_LETTER + "/record", record.record, name="letter-record"),
    path(_LETTER + "/correction", record.correction, name="letter-correction"),
    path(_LETTER + "/export.zip", record.export, name="letter-export"),
    path("api/v1/handovers/", HandoverList.as_view(), name="handover-list"),
    path("api/v1/handovers/<str:number>/", HandoverDetail.as_view(), name="handover-detail"),
    path("portal/handovers/", handover.handovers, name="portal-handovers"),
    path("portal/handovers/<str:number>/", handover.handover, name="portal-handover"),
]
