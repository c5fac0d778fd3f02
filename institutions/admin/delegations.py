"""Who stands in for whom during a leave: named and withdrawn by the officers themselves or by their administrator."""

from datetime import timedelta
from typing import ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from institutions import clock
from institutions.admin.officers import OfficerAdmin, ensure_not_forbidden
from institutions.errors import JifenError
from institutions.models import Delegation, User
from institutions.permissions import Permission
from institutions.requester import requester
from institutions.selectors import delegations as rows
from institutions.selectors import users
from institutions.selectors.delegations import Standing
from institutions.services import delegations

WORDS = {
    Standing.COMING: gettext_lazy("to come"),
    Standing.RUNNING: pgettext_lazy("delegation", "running"),
    Standing.OVER: gettext_lazy("over"),
    Standing.WITHDRAWN: pgettext_lazy("delegation", "withdrawn"),
}


class _Officer(forms.ModelChoiceField):
    def label_from_instance(self, obj: Model) -> str:
        officer = cast("User", obj)
        name = officer.get_full_name()
        return officer.username if name == officer.username else f"{name} ({officer.username})"


class DelegationForm(forms.ModelForm):
    """Names a deputy through the service, so that its refusals stand beside the form."""

    class Meta:
        model = Delegation
        fields = ("delegator", "deputy", "starts_on", "ends_on", "reason")
        field_classes: ClassVar = {"delegator": _Officer, "deputy": _Officer}
        widgets: ClassVar = {
            "delegator": UnfoldAdminSelectWidget,
            "deputy": UnfoldAdminSelectWidget,
            "starts_on": UnfoldAdminDateWidget,
            "ends_on": UnfoldAdminDateWidget,
            "reason": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        }

    asked_by: User

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if "deputy" not in self.fields:  # an existing delegation is read, never edited
            return
        mine = users.officers_managed(self.asked_by)
        delegator, deputy = self.fields["delegator"], self.fields["deputy"]
        assert isinstance(delegator, forms.ModelChoiceField)
        assert isinstance(deputy, forms.ModelChoiceField)
        delegator.queryset, delegator.initial = mine, self.asked_by.pk
        deputy.queryset = rows.possible_deputies(mine).order_by("username")
        self.fields["starts_on"].initial = clock.today()
        self.fields["ends_on"].initial = clock.today() + timedelta(days=13)

    def _post_clean(self) -> None:
        """Ask the service; the database's own checks come after its sentences."""
        if self.errors:
            return
        given = self.cleaned_data
        try:
            self.made = delegations.delegate(
                delegator=given["delegator"],
                deputy=given["deputy"],
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
                reason=given["reason"],
                by=self.asked_by,
                now=clock.now(),
            )
        except JifenError as refusal:
            ensure_not_forbidden(refusal)
            self.add_error(None, str(refusal))


class WithdrawalForm(forms.Form):
    """Why a delegation ends before its day."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


@admin.register(Delegation)
class DelegationAdmin(OfficerAdmin):
    """One's own delegations, on either side; and those of officers whom one manages or oversees."""

    view_permission = Permission.USER_MANAGE
    list_display = ("who_is_away", "deputy_name", "starts_on", "ends_on", "standing", "reason")
    list_select_related = ("delegator", "deputy")
    search_fields = ("=delegator__username", "=deputy__username")
    sortable_by = ("starts_on", "ends_on")
    fields = ("delegator", "deputy", "starts_on", "ends_on", "reason", "created_by", "created_at", "standing_in_words",
              "withdrawn_by", "withdrawn_at", "withdrawal_reason")  # fmt: skip
    readonly_fields = ("standing_in_words",)
    form = DelegationForm
    actions_detail: ClassVar = ["withdraw"]

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that a delegation is to be seen by the officer."""
        return rows.visible_to(requester(request))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Every officer reads their own."""
        return bool(getattr(request.user, "is_staff", False))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Every officer names their own deputy."""
        return self.has_view_permission(request)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Ask for what is named; show also what became of it."""
        return cast("tuple[str, ...]", self.fields) if obj is not None else DelegationForm.Meta.fields

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: object
    ) -> type[forms.ModelForm]:
        """Tell the form who is asking."""
        if obj is None:
            return type(DelegationForm.__name__, (DelegationForm,), {"asked_by": requester(request)})
        form: type[forms.ModelForm] = super().get_form(request, obj, change, **kwargs)
        return form

    def save_model(self, request: HttpRequest, obj: Model, form: DelegationForm, change: bool) -> None:
        """Keep what the service made."""
        obj.pk = form.made.pk
        obj.refresh_from_db()  # the log names it by whom it is about

    @admin.display(description=gettext_lazy("who is away"))
    def who_is_away(self, delegation: Delegation) -> str:
        """Return the name."""
        return delegation.delegator.get_full_name()

    @admin.display(description=gettext_lazy("deputy"))
    def deputy_name(self, delegation: Delegation) -> str:
        """Return the name."""
        return delegation.deputy.get_full_name()

    @display(
        description=gettext_lazy("state"),
        label={Standing.COMING: "info", Standing.RUNNING: "success", Standing.WITHDRAWN: "warning"},
    )
    def standing(self, delegation: Delegation) -> tuple[str, str]:
        """Say where it stands today."""
        found = rows.standing_of(delegation, on=clock.today())
        return found, str(WORDS[found])

    @admin.display(description=gettext_lazy("state"))
    def standing_in_words(self, delegation: Delegation) -> str:
        """Say the same on its own page, where there are no labels."""
        return str(WORDS[rows.standing_of(delegation, on=clock.today())])

    @action(description=gettext_lazy("Withdraw this delegation"), url_path="withdraw", permissions=["view"])
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for a reason and end the delegation at once."""
        found = cast("Delegation | None", self.get_object(request, object_id))
        if found is None:
            raise Http404
        by = requester(request)
        form = WithdrawalForm(request.POST if request.method == "POST" else None)
        back, status = reverse("admin:institutions_delegation_change", args=[object_id]), 200
        barred = self._barred(found, by)
        if request.method == "POST":
            reason = request.POST.get("reason", "")
            try:
                delegations.withdraw(delegation=found, reason=reason, by=by, now=clock.now())
            except JifenError as refusal:
                ensure_not_forbidden(refusal)
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("%(who)s stands in no more.") % {"who": found.deputy.get_full_name()})
                return redirect(back)
        facts = self.admin_site.each_context(request) | {
            "title": _("Withdraw this delegation"),
            "opts": self.model._meta,
            "delegation": found,
            "barred": barred,
            "form": form,
            "back": back,
        }
        return render(request, "admin/withdraw_delegation.html", facts, status=status)

    def _barred(self, delegation: Delegation, by: User) -> str:
        """Return why the officer cannot withdraw it; the service asks again."""
        if rows.standing_of(delegation, on=clock.today()) in (Standing.OVER, Standing.WITHDRAWN):
            return _("This delegation has ended.")
        if not delegations.may_withdraw(delegation, by):
            return _("Only the two officers, or an administrator who manages the one who is away, withdraw this.")
        return ""
