"""`/api/v1/notices/`: the inbox for machines. What HR of one institution sees, HR of another cannot know of."""

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from institutions import clock
from institutions.errors import Forbidden
from institutions.models import Notice, NoticeKind
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.selectors import notices as notice_selectors
from institutions.services import notices

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="JF2025-000123")


class NoticeBlockSerializer(serializers.Serializer):
    """One labelled part of a notice."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()


class NoticeSerializer(serializers.Serializer):
    """What is shown of a notice; officers are never named."""

    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=NoticeKind.choices)
    kind_label = serializers.CharField()
    mandatory = serializers.BooleanField()
    institution_code = serializers.CharField()
    institution_name = serializers.CharField()
    subject_name = serializers.CharField()
    what = serializers.CharField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    facts = serializers.DictField()
    blocks = NoticeBlockSerializer(many=True)


class NoticeFilter(django_filters.FilterSet):
    """Narrow the list by kind, institution, and what is still to be read or confirmed."""

    kind = django_filters.ChoiceFilter(choices=NoticeKind.choices)
    institution = django_filters.CharFilter(field_name="institution__code")
    unread = django_filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")
    unacknowledged = django_filters.BooleanFilter(field_name="acknowledged_at", lookup_expr="isnull")
    escalated = django_filters.BooleanFilter(field_name="escalated_at", lookup_expr="isnull", exclude=True)


class NoticeList(generics.ListAPIView):
    """The notices a user may see, newest first."""

    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    queryset = Notice.objects.none()

    def get_queryset(self) -> "QuerySet[Notice]":
        """Return the notices of the user's institutions and regions; refuse who reads no notices at all."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        user = self.request.user
        if not has_permission(user, Permission.NOTICE_READ) and not has_permission(user, Permission.NOTICE_VIEW):
            raise Forbidden(rule=Permission.NOTICE_READ.value)
        return notice_selectors.visible_to(user)

    def paginate_queryset(self, queryset: "QuerySet[Notice]") -> "list[notice_selectors.NoticeView]":  # type: ignore[override]
        """Return one page of notices as they may be shown."""
        return [notice_selectors.present(notice) for notice in super().paginate_queryset(queryset) or []]


class NoticeDetail(APIView):
    """One notice."""

    @extend_schema(parameters=[NUMBER], responses=NoticeSerializer)
    def get(self, request: Request, number: str) -> Response:
        """Show a notice without marking it as read; that is an act of its own."""
        notice = get_object_or_404(notice_selectors.visible_to(request.user), number=number)
        return _answer(notice)


class NoticeRead(APIView):
    """That a notice was opened."""

    @extend_schema(parameters=[NUMBER], request=None, responses=NoticeSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Record that the institution has read the notice; a second time changes nothing."""
        notice = get_object_or_404(notice_selectors.visible_to(request.user), number=number)
        return _answer(notices.mark_read(notice=notice, by=requester(request), now=clock.now()))


class NoticeAcknowledge(APIView):
    """That a notice was confirmed."""

    @extend_schema(parameters=[NUMBER], request=None, responses=NoticeSerializer)
    def post(self, request: Request, number: str) -> Response:
        """Record that the institution confirms the notice; a second time changes nothing."""
        notice = get_object_or_404(notice_selectors.visible_to(request.user), number=number)
        return _answer(notices.acknowledge(notice=notice, by=requester(request), now=clock.now()))


def _answer(notice: Notice) -> Response:
    return Response(NoticeSerializer(notice_selectors.present(notice)).data)
