"""本人说明: statements that persons want to stand beside their record; each is read once by an officer."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from institutions import clock
from institutions.admin.officers import OfficerAdmin
from institutions.errors import JifenError
from institutions.models import AccessDoor, User
from institutions.permissions import Permission
from institutions.requester import requester
from scoring.models import OwnStatement, OwnStatementOutcome
from scoring.services import own_statements

FROZEN = ("receipt", "practitioner", "entry", "text", "submitted_at")


class WaitingFilter(admin.SimpleListFilter):
    """Narrow statements to those that wait for an officer."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """The states to choose from."""
        return [
            ("waiting", _("waits for an officer")),
            ("published", _("Shown beside the record")),
            ("refused", _("Not shown")),
            ("withdrawn", _("Withdrawn by the person")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OwnStatement]) -> QuerySet[OwnStatement]:
        """Apply the chosen state."""
        match self.value():
            case "waiting":
                return queryset.filter(decided_at__isnull=True, withdrawn_at__isnull=True)
            case "published" | "refused" as outcome:
                return queryset.filter(outcome=outcome, withdrawn_at__isnull=True)
            case "withdrawn":
                return queryset.filter(withdrawn_at__isnull=False)
        return queryset


class OwnStatementForm(forms.ModelForm):
    """Decides on a statement through the service, so that its refusals stand beside the form."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=OwnStatementOutcome.choices, widget=UnfoldAdminSelectWidget
    )
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Needed where it is not shown; the person reads them. Look only for other people's names, contact data and"
            " codes: whether the statement is right is not yours to judge."
        ),
    )

    class Meta:
        model = OwnStatement
        fields = ("outcome", "reasons")

    officer: User

    def _post_clean(self) -> None:
        if self.errors:
            return
        statement = OwnStatement.objects.get(pk=self.instance.pk)
        try:
            if self.cleaned_data["outcome"] == OwnStatementOutcome.PUBLISHED:
                own_statements.publish(statement=statement, by=self.officer, now=clock.now())
            else:
                reasons = str(self.cleaned_data["reasons"])
                own_statements.refuse(statement=statement, reasons=reasons, by=self.officer, now=clock.now())
        except JifenError as refused:
            self.add_error(None, str(refused))


@admin.register(OwnStatement)
class OwnStatementAdmin(OfficerAdmin):
    """Statements of persons in the officer's regions: read, and decided on once."""

    view_permission = Permission.LEDGER_VIEW
    change_permission = Permission.OWN_STATEMENT_MODERATE
    region_path = "entry__institution__region"
    record_path = "practitioner"
    record_door = AccessDoor.ACCOUNT
    list_display = ("receipt", "practitioner", "submitted_at", "outcome", "decided_at", "withdrawn_at")
    list_filter = (WaitingFilter,)
    list_select_related = ("practitioner",)
    search_fields = ("^practitioner__name", "=practitioner__codes__code")
    fields = (*FROZEN, "outcome", "reasons", "decided_at", "decided_by", "withdrawn_at")
    readonly_fields = (*FROZEN, "decided_at", "decided_by", "withdrawn_at")
    form = OwnStatementForm

    @admin.display(description=gettext_lazy("receipt number"))
    def receipt(self, statement: OwnStatement) -> str:
        """Return the number under which it was acknowledged."""
        return statement.receipt

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Decided once: what was decided on or withdrawn is only read."""
        is_over = isinstance(obj, OwnStatement) and (obj.decided_at is not None or obj.withdrawn_at is not None)
        return not is_over and super().has_change_permission(request, obj)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: object
    ) -> type[forms.ModelForm]:
        """Tell the form who is acting."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"officer": requester(request)})

    def save_model(self, request: HttpRequest, obj: Model, form: OwnStatementForm, change: bool) -> None:
        """The service has written already."""
