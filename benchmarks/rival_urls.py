"""A scorecard as one writes it first with DRF: a ViewSet and a ModelSerializer over the row, in 17 fields.

The facts are the stored ones, so that it computes nothing and asks the database once: as cheap as such a view can be.
"""

from django.urls import include, path
from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from config.urls import urlpatterns as ours
from scoring.models import Scorecard


class CardSerializer(serializers.ModelSerializer):
    """The person and what is stored of the card."""

    slug = serializers.CharField(source="practitioner.slug")
    name = serializers.CharField(source="practitioner.name")
    category = serializers.CharField(source="practitioner.category")
    is_provisional = serializers.BooleanField(source="practitioner.is_provisional")
    profile_changed_at = serializers.DateTimeField(source="practitioner.profile_changed_at")
    institutions = serializers.JSONField(source="body.institutions")
    status = serializers.CharField(source="body.status")
    status_from = serializers.CharField(source="body.status_from", allow_null=True)
    until = serializers.CharField(source="body.until", allow_null=True)
    points = serializers.IntegerField(source="body.points", allow_null=True)
    points_by_year = serializers.JSONField(source="body.points_by_year")
    entries = serializers.JSONField(source="body.entries")
    under_appeal = serializers.BooleanField(source="body.under_appeal")
    rulebook = serializers.JSONField(source="body.rulebook")

    class Meta:
        model = Scorecard
        fields = (
            *("slug", "name", "category", "is_provisional", "profile_changed_at", "institutions", "status"),
            *("status_from", "until", "points", "points_by_year", "entries", "under_appeal", "rulebook"),
            *("version", "valid_from", "valid_until"),
        )


class CardViewSet(RetrieveModelMixin, GenericViewSet):
    """One card by the public id of its person."""

    queryset = Scorecard.objects.select_related("practitioner")
    serializer_class = CardSerializer
    permission_classes = (AllowAny,)
    throttle_classes = ()  # or it would be measured refusing
    lookup_field = "practitioner__slug"
    lookup_url_kwarg = "slug"


router = SimpleRouter()
router.register("rival/cards", CardViewSet, basename="rival-card")
urlpatterns = [*ours, path("", include(router.urls))]
