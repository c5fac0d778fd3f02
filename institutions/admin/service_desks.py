"""Service desks: read by every officer, named by administrators."""

from typing import ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest

from institutions import clock, permissions
from institutions.admin.officers import OfficerAdmin
from institutions.errors import JifenError
from institutions.models import ServiceDesk, User
from institutions.permissions import Permission
from institutions.requester import requester
from institutions.services.service_desks import DeskData, add_desk

DATA = tuple(DeskData.__dataclass_fields__)


class DeskForm(forms.ModelForm):
    """Names a desk through the service, so that its refusals stand beside the form."""

    class Meta:
        model = ServiceDesk
        fields = ("region_prefix", "starts_on", *DATA)

    officer: User

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        given = self.cleaned_data
        try:
            self.result = add_desk(
                region_prefix=given["region_prefix"],
                starts_on=given["starts_on"],
                desk=DeskData(**{name: given[name] for name in DATA}),
                by=self.officer,
                now=clock.now(),
            )
        except JifenError as refusal:
            self.add_error(None, str(refusal))


@admin.register(ServiceDesk)
class ServiceDeskAdmin(OfficerAdmin):
    """Desks of the officer's regions and of those around them. A desk that changes is a new row from a day on."""

    view_permission = Permission.NOTICE_VIEW
    add_permission = Permission.DESK_MANAGE
    list_display = ("region_prefix", "authority", "phone", "support_line", "starts_on")
    search_fields = ("^region_prefix", "^authority")
    form = DeskForm
    fields: ClassVar = ("region_prefix", "starts_on", *DATA)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may name a desk may look at them."""
        return super().has_view_permission(request) or self.has_add_permission(request)

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that a desk lies in, or around, one of the officer's regions."""
        condition = Q(pk__in=[])
        held = (self.view_permission, Permission.DESK_MANAGE)
        for prefix in {one for each in held for one in permissions.regions_for(request.user, each)}:
            around = [prefix[:length] for length in range(0, len(prefix) + 1, 2)]
            condition |= Q(region_prefix__startswith=prefix) | Q(region_prefix__in=around)
        return condition

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: object
    ) -> type[forms.ModelForm]:
        """Tell the form who is acting."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"officer": requester(request)})

    def save_model(self, request: HttpRequest, obj: Model, form: DeskForm, change: bool) -> None:
        """Keep what the service made."""
        obj.pk = form.result.pk
