"""The side bar of the officers' admin: what waits stands first, with its number; then every page by app."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Appeal, CaseFile
from cases.selectors.appeals import pending_count
from institutions.permissions import Permission, has_permission
from institutions.requester import requester

WAITING = (CaseFile, Appeal)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of links that this officer may see; called by the admin for each page."""
    groups: list[dict[str, Any]] = []
    if has_permission(request.user, Permission.CASE_VIEW):
        waiting = pending_count(requester(request))
        appeals: dict[str, Any] = {"title": _("Appeals"), "link": reverse("admin:cases_appeal_changelist")}
        if waiting:
            appeals |= {"badge": str(waiting), "badge_variant": "warning"}
        cases: dict[str, Any] = {"title": _("Case files"), "link": reverse("admin:cases_casefile_changelist")}
        groups.append({"title": _("Case work"), "items": [_shown(cases), _shown(appeals)]})
    for app in admin.site.get_app_list(request):
        pages = [model for model in app["models"] if model["admin_url"] and model["model"] not in WAITING]
        items = [_shown({"title": page["name"], "link": page["admin_url"]}) for page in pages]
        groups.append({"title": app["name"], "collapsible": True, "items": items})
    return groups


def _shown(item: dict[str, Any]) -> dict[str, Any]:
    return item | {"has_permission": True}
