"""Pages and endpoints of `cases`."""

from django.urls import URLPattern, URLResolver, path

from cases.api import attributions, cases

_CASE = "api/v1/cases/<uuid:case_id>/"
_ATTRIBUTION = "api/v1/attributions/<uuid:attribution_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/cases/", cases.CaseList.as_view(), name="case-list"),
    path("api/v1/cases/import/", cases.CaseImport.as_view(), name="case-import"),
    path(_CASE, cases.CaseDetail.as_view(), name="case-detail"),
    path(_CASE + "links/", cases.CaseLinks.as_view(), name="case-links"),
    path(_CASE + "annul-basis/", cases.BasisAnnulment.as_view(), name="case-annul-basis"),
    path(_CASE + "evidence/<str:key>/", cases.EvidenceFile.as_view(), name="case-evidence"),
    path("api/v1/attributions/", attributions.AttributionList.as_view(), name="attribution-list"),
    path(_ATTRIBUTION, attributions.AttributionDetail.as_view(), name="attribution-detail"),
    path(_ATTRIBUTION + "preview/", attributions.AttributionPreview.as_view(), name="attribution-preview"),
    path(_ATTRIBUTION + "propose/", attributions.Propose.as_view(), name="attribution-propose"),
    path(_ATTRIBUTION + "countersign/", attributions.Countersign.as_view(), name="attribution-countersign"),
    path(_ATTRIBUTION + "serve-intent/", attributions.ServeIntent.as_view(), name="attribution-serve-intent"),
    path(_ATTRIBUTION + "statements/", attributions.Statements.as_view(), name="attribution-statements"),
    path(
        _ATTRIBUTION + "statements/<int:statement_id>/answer/",
        attributions.StatementAnswer.as_view(),
        name="attribution-statement-answer",
    ),
    path(_ATTRIBUTION + "return/", attributions.Return.as_view(), name="attribution-return"),
    path(_ATTRIBUTION + "decide/", attributions.Decide.as_view(), name="attribution-decide"),
    path(_ATTRIBUTION + "serve/", attributions.Serve.as_view(), name="attribution-serve"),
]
