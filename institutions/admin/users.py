"""Users and roles, for administrators only."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from institutions import clock
from institutions.admin.login_help import LoginHelp
from institutions.admin.officers import OfficerAdmin
from institutions.errors import JifenError
from institutions.models import Role, RoleAssignment, User
from institutions.permissions import WHOLE_COUNTRY, Permission, has_permission
from institutions.requester import requester
from institutions.selectors import users
from institutions.services import passwords, roles, user_records

# Django's groups are not used: roles are. A page of them would promise something that nothing asks for.
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(LoginHelp, DjangoUserAdmin):  # type: ignore[misc]
    """Logins. An administrator manages those whose every role lies in their own regions; roles are given apart."""

    view_permission = Permission.USER_MANAGE
    change_permission = Permission.USER_MANAGE
    add_permission = Permission.USER_MANAGE

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "display_name", "email", "is_staff", "is_active")
    list_filter = ("is_staff", "is_active")
    search_fields = ("^username", "^display_name", "=email")
    sortable_by = ("username", "display_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("created_at", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("display_name", "email")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "created_at", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "display_name", "email", "is_staff", "usable_password", "password1", "password2")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[User]":
        """Return the users this administrator may manage, or this auditor oversees."""
        mine = users.visible_to(requester(request))
        return mine.order_by(*self.get_ordering(request))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether the user may be changed: only one whom the administrator manages."""
        if isinstance(obj, User) and not users.manageable_by(requester(request)).filter(pk=obj.pk).exists():
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        """Save through the service, which writes down who did it and ends sessions where it has to."""
        by, now = requester(request), clock.now()
        if change:
            user_records.save_changed(user=obj, changed=form.changed_data, by=by, now=now)
        else:
            user_records.save_new(user=obj, by=by, now=now)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Take Django's form for a colleague's password; one's own is changed on the page of one's log-in."""
        by = requester(request)
        if str(by.pk) == str(id):
            return redirect("account")
        with transaction.atomic():
            before = User.objects.filter(pk=id).first()
            answer: HttpResponse = super().user_change_password(request, id, form_url)
            after = User.objects.filter(pk=id).first()
            if before is not None and after is not None and after.password != before.password:
                passwords.record_given(user=after, by=by, now=clock.now())
        return answer


class RoleAssignmentForm(forms.ModelForm):
    """Gives a role through the service, so that its refusals stand beside the form."""

    class Meta:
        model = RoleAssignment
        fields = ("user", "role", "region_prefix", "institution")

    administrator: User

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        given = self.cleaned_data
        try:
            self.assigned = roles.assign_role(
                user=given["user"],
                role=given["role"],
                region_prefix=given["region_prefix"],
                institution=given["institution"],
                by=self.administrator,
                now=clock.now(),
            )
        except JifenError as refusal:
            self.add_error(None, str(refusal))


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(OfficerAdmin):
    """Who holds which role where. Given and withdrawn, never edited."""

    view_permission = Permission.USER_MANAGE
    add_permission = Permission.USER_MANAGE
    list_display = ("user", "role", "region", "institution")
    list_select_related = ("user", "role", "institution")
    list_filter = ("role",)
    search_fields = ("^user__username", "^region_prefix")
    search_places = "institution"
    autocomplete_fields = ("user", "institution")
    form = RoleAssignmentForm

    @admin.display(description=_("region prefix"))
    def region(self, assignment: RoleAssignment) -> str:
        """Return the prefix, or that the role is held over the whole country; nothing for one over an institution."""
        if assignment.institution_id is not None:
            return "–"
        return assignment.region_prefix or gettext("the whole country")

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that an assignment lies in the administrator's regions."""
        return Q(pk__in=users.assignments_within(requester(request)).values("pk"))

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: object
    ) -> type[forms.ModelForm]:
        """Tell the form who is giving the role."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"administrator": requester(request)})

    def save_model(self, request: HttpRequest, obj: Model, form: RoleAssignmentForm, change: bool) -> None:
        """Keep what the service made."""
        obj.pk = form.assigned.pk

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A role is withdrawn by whoever may give it."""
        return self.has_add_permission(request)

    def delete_model(self, request: HttpRequest, obj: RoleAssignment) -> None:
        """Withdraw the role through the service."""
        roles.withdraw_role(assignment=obj, by=requester(request), now=clock.now())


@admin.register(Role)
class RoleAdmin(OfficerAdmin):
    """Sets of permissions, good everywhere, so kept by administrators of the whole country only.

    Those that come with the product cannot be changed; others can be added beside them.
    """

    view_permission = Permission.USER_MANAGE
    add_permission = Permission.USER_MANAGE
    change_permission = Permission.USER_MANAGE
    list_display = ("code", "name", "scope", "is_builtin")
    list_filter = ("scope", "is_builtin")
    search_fields = ("=code", "name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say whether the administrator may add roles: only one of the whole country."""
        return super().has_add_permission(request) and _manages_everywhere(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether the role may be changed: not one that comes with the product."""
        if isinstance(obj, Role) and obj.is_builtin:
            return False
        return super().has_change_permission(request, obj) and _manages_everywhere(request)


def _manages_everywhere(request: HttpRequest) -> bool:
    return has_permission(requester(request), Permission.USER_MANAGE, region=WHOLE_COUNTRY)
