"""`/api/v1/cases/`: case files of the officer's regions, their import, links, annulment and evidence."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api import requests, shapes
from cases.api.doors import case_of, download, ensure_reader
from cases.api.filters import CaseFilter
from cases.documents.files import UploadedFiles
from cases.models import CaseClosing, CaseFile
from cases.selectors import case_files
from cases.services import attributions, case_import, case_links
from cases.services import evidence as evidence_rows
from institutions import clock
from institutions.requester import requester

OPENED_BY_API = "API"


class CaseList(generics.ListAPIView):
    """The cases an officer may see, newest first."""

    serializer_class = shapes.CaseOut
    filterset_class = CaseFilter
    queryset = CaseFile.objects.none()

    def get_queryset(self) -> "QuerySet[CaseFile]":
        """Return the cases of the officer's regions."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return case_files.visible_to(ensure_reader(self.request))


class CaseDetail(APIView):
    """One case."""

    @extend_schema(responses=shapes.CaseDetailOut)
    def get(self, request: Request, case_id: UUID) -> Response:
        """Show a case with its findings, evidence (without bytes), attributions and links."""
        return _answer(case_of(request, case_id))


class CaseImport(APIView):
    """Taking in a case file."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        request={"multipart/form-data": requests.ImportIn},
        responses={200: shapes.ImportOut, 201: shapes.ImportOut},
    )
    def post(self, request: Request) -> Response:
        """Take in a case file with its evidence, whole or not at all; 201 where it is new, 200 where it was known."""
        user = requester(request)
        sent = requests.valid(requests.ImportIn, _form(request)).validated_data
        done = case_import.import_case(
            data=sent["file"].read(),
            files=UploadedFiles({piece.name: piece.read() for piece in sent["evidence"]}),
            by=user,
            now=clock.now(),
            dry_run=sent["dry_run"],
        )
        answer = {
            "outcome": done.outcome.value,
            "number": done.number,
            "id": done.case.pk if done.case else None,
            "attributions": done.attributions,
        }
        code = status.HTTP_201_CREATED if done.outcome is case_import.Outcome.CREATED else status.HTTP_200_OK
        return Response(shapes.ImportOut(answer).data, status=code)


class CaseLinks(APIView):
    """Links between cases of one institution."""

    parser_classes = [JSONParser]

    @extend_schema(request=requests.LinkIn, responses=shapes.CaseDetailOut)
    def post(self, request: Request, case_id: UUID) -> Response:
        """Link the case to another about the same acts, so that nobody is scored twice for one act."""
        user, case = requester(request), case_of(request, case_id)
        sent = requests.valid(requests.LinkIn, request.data).validated_data
        other = case_of(request, sent["case"])
        case_links.link_cases(first=case, second=other, reason=sent["reason"], by=user, now=clock.now())
        return _answer(case_of(request, case_id))


class BasisAnnulment(APIView):
    """The annulment of the decision that a case rests on."""

    parser_classes = [JSONParser]

    @extend_schema(request=requests.AnnulIn, responses=shapes.CaseDetailOut)
    def post(self, request: Request, case_id: UUID) -> Response:
        """Record the annulment and undo it for everyone in the case."""
        user, case = requester(request), case_of(request, case_id)
        sent = requests.valid(requests.AnnulIn, request.data).validated_data
        attributions.annul_basis(case=case, by=user, now=clock.now(), **sent)
        return _answer(case_of(request, case_id))


class FindingAnnulment(APIView):
    """The annulment of one finding of that decision."""

    parser_classes = [JSONParser]

    @extend_schema(request=requests.AnnulFindingIn, responses=shapes.CaseDetailOut)
    def post(self, request: Request, case_id: UUID) -> Response:
        """Record it: whoever has other findings left is varied, whoever has none is set aside."""
        user, case = requester(request), case_of(request, case_id)
        sent = requests.valid(requests.AnnulFindingIn, request.data).validated_data
        finding = get_object_or_404(case.findings, key=sent.pop("finding"))
        attributions.annul_finding(case=case, finding=finding, by=user, now=clock.now(), **sent)
        return _answer(case_of(request, case_id))


class Reinstatement(APIView):
    """What a higher court put back."""

    parser_classes = [JSONParser]

    @extend_schema(request=requests.ReinstateIn, responses=shapes.CaseDetailOut)
    def post(self, request: Request, case_id: UUID) -> Response:
        """Record it: everyone in the case is where the annulment found them. 409 where nothing is annulled."""
        user, case = requester(request), case_of(request, case_id)
        sent = requests.valid(requests.ReinstateIn, request.data).validated_data
        key = sent.pop("finding")
        finding = get_object_or_404(case.findings, key=key) if key else None
        attributions.reinstate_basis(case=case, finding=finding, by=user, now=clock.now(), **sent)
        return _answer(case_of(request, case_id))


class EvidenceFile(APIView):
    """The bytes of a piece of evidence."""

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, case_id: UUID, key: str) -> HttpResponse:
        """Hand out the file; every opening is written down. 409 where the stored bytes were changed."""
        user, case = requester(request), case_of(request, case_id)
        piece = get_object_or_404(case.evidence, key=key)
        content = evidence_rows.open_evidence(evidence=piece, purpose=OPENED_BY_API, by=user, now=clock.now())
        if content is None:
            raise evidence_rows.hash_mismatch(piece)
        return download(content, piece.content_type, piece.file_name)


def _answer(case: CaseFile) -> Response:
    closings = CaseClosing.objects.select_related("closed_by", "reopened_by")
    prefetch_related_objects([case], Prefetch("closings", closings))
    return Response(shapes.CaseDetailOut(case, context={"linked": case_files.linked_numbers(case)}).data)


def _form(request: Request) -> dict[str, object]:
    """Return the multipart form as plain values; `evidence` may stand in it several times."""
    form: dict[str, object] = {"evidence": request.FILES.getlist("evidence")}
    if "file" in request.FILES:
        form["file"] = request.FILES["file"]
    if isinstance(request.data, Mapping) and "dry_run" in request.data:
        form["dry_run"] = request.data["dry_run"]
    return form
