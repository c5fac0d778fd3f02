"""`/api/v1/registrations/`: who is registered where, for HR of the institution and officers of the region."""

from datetime import date

import django_filters
from django.db.models import QuerySet
from rest_framework import generics, serializers

from institutions import clock
from institutions.errors import Forbidden
from institutions.models import AccessDoor, Category, Registration
from institutions.permissions import Permission, has_permission
from institutions.requester import requester
from institutions.selectors import registrations
from institutions.services import record_access


class RegistrationSerializer(serializers.Serializer):
    """One spell of a person at an institution."""

    practitioner_slug = serializers.CharField(source="practitioner.slug")
    practitioner_code = serializers.SerializerMethodField()
    practitioner_name = serializers.CharField(source="practitioner.name")
    category = serializers.ChoiceField(choices=Category.choices, source="practitioner.category")
    institution_code = serializers.CharField(source="institution.code")
    institution_name = serializers.CharField(source="institution.name")
    department = serializers.CharField()
    position = serializers.CharField()
    specialty = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    commitment_on = serializers.DateField(allow_null=True)

    def get_practitioner_code(self, registration: Registration) -> str:
        """Return the person's first code, or ""."""
        return next((code.code for code in registration.practitioner.codes.all()), "")


class RegistrationFilter(django_filters.FilterSet):
    """Narrow the list by institution, person, category, and the day on which spells run."""

    institution = django_filters.CharFilter(field_name="institution__code")
    code = django_filters.CharFilter(field_name="practitioner__codes__code")
    slug = django_filters.CharFilter(field_name="practitioner__slug")
    category = django_filters.ChoiceFilter(field_name="practitioner__category", choices=Category.choices)
    on = django_filters.DateFilter(method="filter_on")
    commitment_missing = django_filters.BooleanFilter(field_name="commitment_on", lookup_expr="isnull")

    def filter_on(self, queryset: "QuerySet[Registration]", name: str, value: date) -> "QuerySet[Registration]":
        """Keep the spells that run on a day."""
        return registrations.running_on(queryset, value)


class RegistrationList(generics.ListAPIView):
    """The registrations a user may see."""

    serializer_class = RegistrationSerializer
    filterset_class = RegistrationFilter
    queryset = Registration.objects.none()

    def get_queryset(self) -> "QuerySet[Registration]":
        """Return the registrations of the user's institutions and regions; refuse who may see none at all."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        if not has_permission(self.request.user, Permission.REGISTRATION_VIEW):
            raise Forbidden(rule=Permission.REGISTRATION_VIEW.value)
        return registrations.visible_to(self.request.user)

    def paginate_queryset(self, queryset: "QuerySet[Registration]") -> "list[Registration] | None":  # type: ignore[override]
        """Return one page, and write down whose registrations were looked at."""
        page: list[Registration] | None = super().paginate_queryset(queryset)
        record_access.note_access(
            practitioners={spell.practitioner_id for spell in page or []},
            door=AccessDoor.PERSON,
            permission=Permission.REGISTRATION_VIEW,
            by=requester(self.request),
            now=clock.now(),
        )
        return page
