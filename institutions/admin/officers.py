"""The base of every admin page: permissions by role and region, no deletion, no counting of whole tables."""

from functools import reduce
from typing import ClassVar, TypeVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from institutions import clock, permissions
from institutions.admin import paging, searching
from institutions.errors import Forbidden, JifenError
from institutions.models import AccessDoor, User
from institutions.permissions import Permission, has_permission
from institutions.services import record_access

ModelT = TypeVar("ModelT", bound=Model)
STATUS = "refusal_status"  # where a form keeps with which status it was refused


class OfficerAdmin(ModelAdmin):
    """A page that officers with `view_permission` may read, within their regions.

    `region_path` is the path from the model to its `Region` ("institution__region"), or None where rows belong to no
    region. `change_permission` and `add_permission` open the page for writing; nothing is ever deleted here.
    Lists go by an index and stay bounded at any size: nothing is counted beyond the pages within reach, columns are
    sorted by only where `sortable_by` names them, and what is typed is looked up by the index of each field
    (`search_fields`, where "=" is the whole value and "^" its beginning; `search_people` and `search_places` are paths
    to a person and to an institution, "" for the row itself).
    `record_path` is the path from a row to the person whose record its page shows ("case__practitioner", "" for the
    row itself): opening the page is then written down for that person (`record_door`: what was looked at).
    """

    view_permission: ClassVar[Permission]
    change_permission: ClassVar[Permission | None] = None
    add_permission: ClassVar[Permission | None] = None
    region_path: ClassVar[str | None] = None
    record_path: ClassVar[str | None] = None
    record_door: ClassVar[AccessDoor] = AccessDoor.PERSON

    search_people: ClassVar[str | None] = None
    search_places: ClassVar[str | None] = None

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by: ClassVar[tuple[str, ...] | None] = ()
    paginator = paging.PagesInReach
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Return the rows within the officer's regions."""
        rows: QuerySet[Model] = super().get_queryset(request)
        return rows.filter(self.within_regions(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """Return the row of a page, and write down whose record is being looked at."""
        found: Model | None = super().get_object(request, object_id, from_field)
        if found is not None and self.record_path is not None and isinstance(request.user, User):
            person = reduce(getattr, filter(None, self.record_path.split("__")), found)
            record_access.note_access(
                practitioners=[person.pk],
                door=self.record_door,
                permission=self._held_permission(request),
                by=request.user,
                now=clock.now(),
            )
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Model]", search_term: str
    ) -> "tuple[QuerySet[Model], bool]":
        """Return the rows that fit what was typed: those of each field by its own index, put together."""
        wanted = search_term.strip()
        if not wanted:
            return queryset, False
        most = paging.rows_within_reach(request, self.list_per_page)
        return searching.first_of(queryset, self.ways_to_fit(request, wanted), most), False

    def ways_to_fit(self, request: HttpRequest, wanted: str) -> list[Q]:
        """Return the ways in which a row may fit what was typed."""
        fits = [searching.field_fits(field, wanted) for field in self.get_search_fields(request)]
        if self.search_people is not None:
            fits += searching.person_fits(self.search_people, wanted)
        if self.search_places is not None:
            fits += searching.place_fits(self.search_places, wanted)
        return fits

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: "QuerySet[Model]",
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> Paginator:
        """Return the pages of a list, counted as far as they are within reach of the one that is asked for."""
        pages = paging.PagesInReach(queryset, per_page, orphans, allow_empty_first_page)
        pages.most = paging.rows_within_reach(request, per_page)
        return pages

    def within_regions(self, request: HttpRequest) -> Q:
        """Return the condition that a row lies in the officer's regions."""
        if self.region_path is None:
            return Q()
        prefixes = self.view_regions(request)
        if permissions.WHOLE_COUNTRY in prefixes and _is_always_there(self.model, self.region_path):
            return Q()
        return permissions.within(prefixes, self.region_path)

    def view_regions(self, request: HttpRequest) -> list[str]:
        """Return the region prefixes in which the officer may read here: by the page's permission, or by oversight."""
        own = permissions.regions_for(request.user, self.view_permission)
        return sorted({*own, *permissions.regions_for(request.user, Permission.OVERSIGHT)})

    def _held_permission(self, request: HttpRequest) -> Permission:
        holds = has_permission(request.user, self.view_permission)
        return self.view_permission if holds else Permission.OVERSIGHT

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: object, object_id: str) -> HttpResponse:
        """A row of another region is not there, and is not told from one that never was."""
        raise Http404

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Say whether the app is listed for this officer."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether the officer may read here."""
        return _is_officer(request, self.view_permission) or _is_officer(request, Permission.OVERSIGHT)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say whether the officer may add rows here."""
        return self.add_permission is not None and _is_officer(request, self.add_permission)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether the officer may change rows here."""
        return self.change_permission is not None and _is_officer(request, self.change_permission)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted by hand."""
        return False


def _is_always_there(model: type[Model], path: str) -> bool:
    """Say whether every row has a region at the end of the path, so that the whole country joins nothing."""
    for name in path.split("__"):
        field = model._meta.get_field(name)
        if getattr(field, "null", True) or field.related_model is None:
            return False
        model = field.related_model
    return True


def ensure_not_forbidden(refused: JifenError) -> None:
    """Answer 403 where a service refused because of who asks; other refusals are said on the page."""
    if isinstance(refused, Forbidden):
        raise PermissionDenied(str(refused)) from refused


def ensure_may_act(request: HttpRequest, *needed: Permission, region: str | None = None) -> None:
    """Answer 403 where the officer holds none of the permissions there: who only looks is told so before all else."""
    if not may_act(request, *needed, region=region):
        raise PermissionDenied(_("Your roles let you look, not work here."))


def may_act(request: HttpRequest, *needed: Permission, region: str | None = None) -> bool:
    """Say whether the officer holds one of the permissions there (or anywhere); the services ask again."""
    staff = bool(getattr(request.user, "is_staff", False))
    return staff and any(has_permission(request.user, permission, region=region) for permission in needed)


def may_read(request: HttpRequest, *needed: Permission) -> bool:
    """Say whether the officer may open a page for those permissions, or for whoever oversees."""
    return may_act(request, *needed, Permission.OVERSIGHT)


def add_refusal(form: BaseForm, refused: JifenError, field: str | None = None) -> None:
    """Say a refusal beside the form and keep its status for `status_of`; 403 is answered at once."""
    ensure_not_forbidden(refused)
    form.add_error(field, str(refused))
    setattr(form, STATUS, refused.status)


def status_of(form: BaseForm) -> int:
    """Return the status of a page with a form: 200, 422 where something is not valid, 409 where it is not the time."""
    return int(getattr(form, STATUS, 422)) if form.errors else 200


def _is_officer(request: HttpRequest, permission: Permission) -> bool:
    user = request.user
    return bool(getattr(user, "is_staff", False)) and has_permission(user, permission)
