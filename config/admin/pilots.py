"""Regions in pilot: seen by every officer there, begun and ended by those who publish."""

from datetime import date, datetime

from django import forms
from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from institutions import clock, permissions
from institutions.admin.officers import OfficerAdmin
from institutions.errors import JifenError
from institutions.models import PilotRegion, User
from institutions.permissions import Permission
from institutions.requester import requester
from scoring.services.pilots import begin_pilot, end_pilot


class PilotForm(forms.ModelForm):
    """Begins or ends a pilot through the service, so that its refusals stand beside the form."""

    why = forms.CharField(label=gettext_lazy("Reason"), widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))

    class Meta:
        model = PilotRegion
        fields = ("region_prefix", "starts_on", "ends_on")

    officer: User

    def _post_clean(self) -> None:
        if self.errors:
            return
        given, now = self.cleaned_data, clock.now()
        try:
            is_new = self.instance._state.adding
            self.result = self._begun(given, now) if is_new else self._ended(given, now)
        except JifenError as refusal:
            self.add_error(None, str(refusal))

    def _begun(self, given: dict[str, object], now: datetime) -> PilotRegion:
        prefix, starts_on = str(given["region_prefix"]), given["starts_on"]
        assert isinstance(starts_on, date)
        return begin_pilot(
            region_prefix=prefix, starts_on=starts_on, reason=str(given["why"]), by=self.officer, now=now
        )

    def _ended(self, given: dict[str, object], now: datetime) -> PilotRegion | None:
        ends_on = given.get("ends_on")
        if not isinstance(ends_on, date):
            self.add_error("ends_on", _("Give the last day of the pilot."))
            return None
        pilot: PilotRegion = self.instance
        return end_pilot(pilot=pilot, ends_on=ends_on, reason=str(given["why"]), by=self.officer, now=now)


@admin.register(PilotRegion)
class PilotRegionAdmin(OfficerAdmin):
    """Pilots that touch the officer's regions. Begun and ended, never edited otherwise."""

    view_permission = Permission.LEDGER_VIEW
    add_permission = Permission.SCORECARD_PUBLISH
    change_permission = Permission.SCORECARD_PUBLISH
    list_display = ("region_prefix", "starts_on", "ends_on", "is_running", "reason")
    search_fields = ("^region_prefix", "reason")
    form = PilotForm

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that a pilot lies in, or around, one of the officer's regions."""
        condition = Q(pk__in=[])
        for prefix in permissions.regions_for(request.user, self.view_permission):
            around = [prefix[:length] for length in range(0, len(prefix) + 1, 2)]
            condition |= Q(region_prefix__startswith=prefix) | Q(region_prefix__in=around)
        return condition

    @admin.display(description=gettext_lazy("runs today"), boolean=True)
    def is_running(self, pilot: PilotRegion) -> bool:
        """Say whether the region is in pilot today."""
        today = clock.today()
        return pilot.starts_on <= today and (pilot.ends_on is None or pilot.ends_on >= today)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Ask for what is needed to begin, or to end."""
        return (
            ("region_prefix", "starts_on", "why") if obj is None else ("region_prefix", "starts_on", "ends_on", "why")
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """What began stays as it began."""
        return () if obj is None else ("region_prefix", "starts_on")

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: object
    ) -> type[forms.ModelForm]:
        """Tell the form who is acting."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"officer": requester(request)})

    def save_model(self, request: HttpRequest, obj: Model, form: PilotForm, change: bool) -> None:
        """Keep what the service made."""
        obj.pk = form.result.pk if form.result else obj.pk
