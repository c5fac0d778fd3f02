"""What an administrator does for a colleague who cannot log in: second factor, lock-out, sessions."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget

from institutions import clock
from institutions.admin.officers import OfficerAdmin, ensure_not_forbidden
from institutions.errors import JifenError
from institutions.models import User
from institutions.requester import requester
from institutions.selectors import users
from institutions.services import second_factors, sign_in

RESET, LIFT = "reset", "lift"


class ResetForm(forms.Form):
    """Why a colleague's second factor is removed."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("How you made sure that it is really them who asks. It stays on record."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class LoginHelp(OfficerAdmin):
    """The page "Log-in" of a user in the admin."""

    actions_detail = ("login_help",)

    @action(description=gettext_lazy("Log-in"), url_path="log-in", permissions=["view"])
    def login_help(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the state of a colleague's log-in; remove their second factor, or let them try again."""
        colleague = self.get_object(request, object_id)
        if not isinstance(colleague, User) or not self.has_view_permission(request, colleague):
            raise Http404
        may_help = self.has_change_permission(request, colleague)
        if request.method == "POST" and not may_help:
            raise PermissionDenied
        move = request.POST.get("move", "")
        form = ResetForm(request.POST if move == RESET else None)
        if move == LIFT or form.is_valid():
            try:
                self._help(move, colleague, form, requester(request))
            except JifenError as refused:
                ensure_not_forbidden(refused)
                form.add_error(None, str(refused)) if form.is_bound else messages.error(request, str(refused))
            else:
                messages.success(request, _("Done, and written down."))
                return redirect(request.path)
        facts = self.admin_site.each_context(request) | {
            "title": _("Log-in of %(name)s") % {"name": colleague.get_username()},
            "opts": self.model._meta,
            "colleague": colleague,
            "has_factor": users.has_second_factor(colleague),
            "is_locked": sign_in.is_locked(colleague, clock.real_now()),
            "is_own": colleague.pk == request.user.pk,
            "may_help": may_help,
            "form": form,
        }
        return render(request, "admin/login_help.html", facts, status=422 if form.errors else 200)

    def _help(self, move: str, colleague: User, form: ResetForm, by: User) -> None:
        if move == LIFT:
            sign_in.lift_lockout(user=colleague, by=by, now=clock.now())
        else:
            second_factors.reset(user=colleague, reason=form.cleaned_data["reason"], by=by, now=clock.now())
