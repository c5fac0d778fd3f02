"""`/api/v1/notices/{number}/letter.pdf`: a notice as the letter it is, for whoever may see the notice."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from institutions.errors import Invalid
from institutions.selectors import notices as notice_selectors
from institutions.services import letter_printing

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="JF2025-000123")
LANGUAGE = OpenApiParameter(
    "language",
    str,
    OpenApiParameter.QUERY,
    enum=[code for code, _name in settings.LANGUAGES],
    description="zh-hans or en",
)


class LetterPdf(APIView):
    """The letter of one notice."""

    @extend_schema(parameters=[NUMBER, LANGUAGE], responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, number: str) -> HttpResponse:
        """Return the letter as PDF, without any access code; reading it marks nothing as read."""
        notice = get_object_or_404(notice_selectors.visible_to(request.user), number=number)
        language = request.query_params.get("language", settings.LANGUAGE_CODE)
        if language not in dict(settings.LANGUAGES):
            raise Invalid("zh-hans, en", rule="language")
        return pdf_answer(letter_printing.file_copy(notice=notice, language=language), f"{number}.pdf")


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Return a PDF to be kept by nobody on the way."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
