"""Organisations that read by program, and their keys: for administrators of the whole country. A key is shown once."""

from typing import ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
)

from institutions import clock
from institutions.admin.officers import OfficerAdmin
from institutions.errors import JifenError
from institutions.models import ApiClient, ApiKey, KeyScope, User
from institutions.permissions import WHOLE_COUNTRY, Permission, has_permission
from institutions.requester import requester
from institutions.services import api_keys

DAYS_GIVEN = 365


class ClientForm(forms.ModelForm):
    """Registers or changes a client through the service, so that its refusals stand beside the form."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("May read"), choices=KeyScope.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    why = forms.CharField(label=gettext_lazy("Reason"), widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}))

    class Meta:
        model = ApiClient
        fields = ("organisation", "contact_email", "purpose", "scopes", "rate_per_minute")

    administrator: User
    result: ApiClient | None = None

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if self.instance._state.adding:
            self.fields.pop("why", None)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        given, now = self.cleaned_data, clock.now()
        kept = {"scopes": given["scopes"], "rate_per_minute": given["rate_per_minute"]}
        try:
            if self.instance._state.adding:
                told = {name: given[name] for name in ("organisation", "contact_email", "purpose")}
                self.result = api_keys.register_client(**told, **kept, by=self.administrator, now=now)
            else:
                self.result = api_keys.change_client(
                    client=self.instance, **kept, reason=given["why"], by=self.administrator, now=now
                )
        except JifenError as refusal:
            self.add_error(None, str(refusal))


class KeyForm(forms.Form):
    """For how long a new key counts."""

    days = forms.IntegerField(
        label=gettext_lazy("Valid for days"),
        initial=DAYS_GIVEN,
        min_value=1,
        max_value=api_keys.DAYS_MAX,
        widget=UnfoldAdminIntegerFieldWidget,
    )


class RevokeForm(forms.Form):
    """Why a key is ended."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2})
    )


class KeyKeeperAdmin(OfficerAdmin):
    """A page of those who manage the users of the whole country; nobody else sees that there are keys."""

    view_permission = Permission.USER_MANAGE

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether the officer keeps the keys."""
        may = has_permission(request.user, Permission.USER_MANAGE, region=WHOLE_COUNTRY)
        return bool(getattr(request.user, "is_staff", False)) and may

    def has_keep_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """The same for acts on one row."""
        return self.has_view_permission(request)


@admin.register(ApiClient)
class ApiClientAdmin(KeyKeeperAdmin):
    """Organisations, what they may read, how fast, and their keys."""

    form = ClientForm
    list_display = ("organisation", "scopes_shown", "rate_per_minute", "keys_valid", "last_used_on")
    search_fields = ("^organisation",)
    readonly_fields = ("keys_shown", "created_at")
    actions_detail: ClassVar = ["issue"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever keeps the keys registers clients."""
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """And changes them."""
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Return the clients with their keys."""
        return super().get_queryset(request).prefetch_related("keys")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Ask for what is needed; a registered client shows its keys."""
        asked = ("organisation", "contact_email", "purpose", "scopes", "rate_per_minute")
        return asked if obj is None else (*asked, "why", "keys_shown", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Who a client is stays as it was registered."""
        return () if obj is None else ("organisation", "contact_email", "purpose", *self.readonly_fields)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: object
    ) -> type[forms.ModelForm]:
        """Tell the form who is acting."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"administrator": requester(request)})

    def save_model(self, request: HttpRequest, obj: Model, form: ClientForm, change: bool) -> None:
        """Keep what the service made."""
        obj.pk = form.result.pk if form.result else obj.pk

    @admin.display(description=gettext_lazy("may read"))
    def scopes_shown(self, client: ApiClient) -> str:
        """Return the scopes in words."""
        return "; ".join(str(KeyScope(scope).label) for scope in client.scopes)

    @admin.display(description=gettext_lazy("valid keys"))
    def keys_valid(self, client: ApiClient) -> int:
        """Return how many keys count now."""
        now = clock.now()
        return sum(key.revoked_at is None and key.expires_at > now for key in client.keys.all())

    @admin.display(description=gettext_lazy("last used on"))
    def last_used_on(self, client: ApiClient) -> object:
        """Return the last day on which any of its keys was shown."""
        return max((key.last_used_on for key in client.keys.all() if key.last_used_on), default=None)

    @admin.display(description=gettext_lazy("API keys"))
    def keys_shown(self, client: ApiClient) -> str:
        """Return links to its keys."""
        rows = (
            (reverse("admin:institutions_apikey_change", args=[key.pk]), key.prefix, key_state(key))
            for key in client.keys.all()
        )
        return format_html_join("", '<p><a class="underline" href="{}"><code>jf_{}…</code></a> {}</p>', rows) or "–"

    @action(description=gettext_lazy("Give a new key"), url_path="issue/", permissions=["keep"])
    def issue(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for how long, give the key, and show it this once."""
        client = get_object_or_404(ApiClient, pk=object_id)
        form = KeyForm(request.POST if request.method == "POST" else None)
        token, key = "", None
        if form.is_valid():
            days, by = form.cleaned_data["days"], requester(request)
            key, token = api_keys.issue_key(client=client, days=days, by=by, now=clock.now())
        facts = self.admin_site.each_context(request) | {
            "title": _("Give %(organisation)s a new key") % {"organisation": client.organisation},
            "opts": self.model._meta,
            "client": client,
            "form": form,
            "key": key,
            "token": token,
            "grace_days": api_keys.GRACE_DAYS,
        }
        answer = render(request, "admin/issue_key.html", facts, status=422 if form.errors else 200)
        answer["Cache-Control"] = "no-store"
        return answer


@admin.register(ApiKey)
class ApiKeyAdmin(KeyKeeperAdmin):
    """Every key by its beginning: whose, until when, when last used."""

    list_display = ("prefix", "client", "state", "created_at", "expires_at", "last_used_on")
    list_select_related = ("client",)
    search_fields = ("^prefix", "^client__organisation")
    fields = ("client", "prefix", "state", "created_at", "expires_at", "last_used_on", "revoked_at", "revoked_by")
    actions_detail: ClassVar = ["revoke"]

    @admin.display(description=gettext_lazy("state"))
    def state(self, key: ApiKey) -> str:
        """Return whether the key counts."""
        return key_state(key)

    @action(description=gettext_lazy("Revoke"), url_path="revoke/", permissions=["keep"])
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask why, and end the key at once."""
        key = get_object_or_404(ApiKey.objects.select_related("client"), pk=object_id)
        form = RevokeForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            api_keys.revoke_key(key=key, reason=form.cleaned_data["reason"], by=requester(request), now=clock.now())
            messages.success(request, _("The key is revoked; the next request that shows it is refused."))
            return redirect("admin:institutions_apikey_change", key.pk)
        facts = self.admin_site.each_context(request) | {
            "title": _("Revoke the key %(key)s") % {"key": f"jf_{key}"},
            "opts": self.model._meta,
            "key": key,
            "form": form,
        }
        return render(request, "admin/revoke_key.html", facts, status=422 if form.errors else 200)


def key_state(key: ApiKey) -> str:
    """Return in a word whether a key counts now."""
    if key.revoked_at is not None:
        return _("revoked")
    return _("expired") if key.expires_at <= clock.now() else _("valid")
