"""Pages and endpoints of `cases`."""

from django.urls import URLPattern, URLResolver, include, path

from cases.api import appeals, attributions, cases, claims, closings, concerns, expert_assessments, repairs

_CASE = "api/v1/cases/<uuid:case_id>/"
_ATTRIBUTION = "api/v1/attributions/<uuid:attribution_id>/"
_ASSESSMENT = _ATTRIBUTION + "assessments/<int:assessment_id>/"
_REPAIR = "api/v1/repairs/<uuid:application_id>/"
_REREGISTRATION = "api/v1/reregistrations/<uuid:application_id>/"
_APPEAL = "api/v1/appeals/<str:receipt>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("cases.views.urls")),
    path("api/v1/cases/", cases.CaseList.as_view(), name="case-list"),
    path("api/v1/cases/import/", cases.CaseImport.as_view(), name="case-import"),
    path(_CASE, cases.CaseDetail.as_view(), name="case-detail"),
    path(_CASE + "claim/", claims.CaseClaim.as_view(), name="case-claim"),
    path(_CASE + "release/", claims.CaseRelease.as_view(), name="case-release"),
    path(_CASE + "links/", cases.CaseLinks.as_view(), name="case-links"),
    path(_CASE + "annul-basis/", cases.BasisAnnulment.as_view(), name="case-annul-basis"),
    path(_CASE + "annul-finding/", cases.FindingAnnulment.as_view(), name="case-annul-finding"),
    path(_CASE + "reinstate/", cases.Reinstatement.as_view(), name="case-reinstate"),
    path(_CASE + "close/", closings.CaseClose.as_view(), name="case-close"),
    path(_CASE + "reopen/", closings.CaseReopen.as_view(), name="case-reopen"),
    path(_CASE + "concerns/", concerns.CaseConcerns.as_view(), name="case-concerns"),
    path(_CASE + "evidence/<str:key>/", cases.EvidenceFile.as_view(), name="case-evidence"),
    path("api/v1/attributions/", attributions.AttributionList.as_view(), name="attribution-list"),
    path(_ATTRIBUTION, attributions.AttributionDetail.as_view(), name="attribution-detail"),
    path(_ATTRIBUTION + "preview/", attributions.AttributionPreview.as_view(), name="attribution-preview"),
    path(_ATTRIBUTION + "manifest/", attributions.AttributionManifest.as_view(), name="attribution-manifest"),
    path(_ATTRIBUTION + "propose/", attributions.Propose.as_view(), name="attribution-propose"),
    path(_ATTRIBUTION + "countersign/", attributions.Countersign.as_view(), name="attribution-countersign"),
    path(_ATTRIBUTION + "serve-intent/", attributions.ServeIntent.as_view(), name="attribution-serve-intent"),
    path(_ATTRIBUTION + "letters/", attributions.Letters.as_view(), name="attribution-letters"),
    path(_ATTRIBUTION + "statements/", attributions.Statements.as_view(), name="attribution-statements"),
    path(
        _ATTRIBUTION + "statements/<int:statement_id>/answer/",
        attributions.StatementAnswer.as_view(),
        name="attribution-statement-answer",
    ),
    path(_ATTRIBUTION + "assessments/", expert_assessments.Assessments.as_view(), name="attribution-assessments"),
    path(_ASSESSMENT + "opinion/", expert_assessments.Opinion.as_view(), name="assessment-opinion"),
    path(_ASSESSMENT + "decline/", expert_assessments.Decline.as_view(), name="assessment-decline"),
    path(_ASSESSMENT + "withdraw/", expert_assessments.Withdraw.as_view(), name="assessment-withdraw"),
    path(_ATTRIBUTION + "return/", attributions.Return.as_view(), name="attribution-return"),
    path(_ATTRIBUTION + "decide/", attributions.Decide.as_view(), name="attribution-decide"),
    path(_ATTRIBUTION + "release/", attributions.Release.as_view(), name="attribution-release"),
    path(_ATTRIBUTION + "send-back/", attributions.SendBack.as_view(), name="attribution-send-back"),
    path(_ATTRIBUTION + "serve/", attributions.Serve.as_view(), name="attribution-serve"),
    path("api/v1/appeals/", appeals.AppealList.as_view(), name="appeal-list"),
    path("api/v1/appeals/paper/", appeals.PaperAppeal.as_view(), name="appeal-paper"),
    path(_APPEAL, appeals.AppealDetail.as_view(), name="appeal-detail"),
    path(_APPEAL + "answer/", appeals.Answer.as_view(), name="appeal-answer"),
    path(_APPEAL + "withdraw/", appeals.Withdraw.as_view(), name="appeal-withdraw"),
    path(_APPEAL + "elevate/", appeals.Elevate.as_view(), name="appeal-elevate"),
    path(_APPEAL + "assign/", appeals.Assign.as_view(), name="appeal-assign"),
    path(_APPEAL + "accept/", appeals.Accept.as_view(), name="appeal-accept"),
    path(_APPEAL + "ask/", appeals.Ask.as_view(), name="appeal-ask"),
    path(_APPEAL + "resume/", appeals.Resume.as_view(), name="appeal-resume"),
    path(_APPEAL + "declaration/", appeals.Declare.as_view(), name="appeal-declaration"),
    path(_APPEAL + "opinion/", appeals.Opinion.as_view(), name="appeal-opinion"),
    path(_APPEAL + "decide/", appeals.Decide.as_view(), name="appeal-decide"),
    path(_APPEAL + "preview-points/", appeals.PreviewPoints.as_view(), name="appeal-preview-points"),
    path(_APPEAL + "files/<uuid:file_id>/", appeals.AppealFile.as_view(), name="appeal-file"),
    path("api/v1/courses/<str:clause>/", repairs.CourseDetail.as_view(), name="course-detail"),
    path("api/v1/repairs/", repairs.RepairList.as_view(), name="repair-list"),
    path(_REPAIR, repairs.RepairDetail.as_view(), name="repair-detail"),
    path(_REPAIR + "answers/", repairs.RepairAnswers.as_view(), name="repair-answers"),
    path(_REPAIR + "files/", repairs.RepairFiles.as_view(), name="repair-files"),
    path(_REPAIR + "submit/", repairs.RepairSubmission.as_view(), name="repair-submit"),
    path(_REPAIR + "withdraw/", repairs.RepairWithdrawal.as_view(), name="repair-withdraw"),
    path(_REPAIR + "approve/", repairs.RepairDecision.as_view(), name="repair-approve"),
    path(_REPAIR + "refuse/", repairs.RepairRefusal.as_view(), name="repair-refuse"),
    path("api/v1/reregistrations/", repairs.ReregistrationList.as_view(), name="reregistration-list"),
    path(_REREGISTRATION, repairs.ReregistrationDetail.as_view(), name="reregistration-detail"),
    path(_REREGISTRATION + "files/", repairs.ReregistrationFiles.as_view(), name="reregistration-files"),
    path(_REREGISTRATION + "withdraw/", repairs.ReregistrationWithdrawal.as_view(), name="reregistration-withdraw"),
    path(_REREGISTRATION + "approve/", repairs.ReregistrationDecision.as_view(), name="reregistration-approve"),
    path(_REREGISTRATION + "refuse/", repairs.ReregistrationRefusal.as_view(), name="reregistration-refuse"),
]
