"""`/portal/`: the inbox of an institution. The page is the record of what the institution was told."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from institutions import clock
from institutions.models import NoticeKind
from institutions.requester import requester
from institutions.selectors import notices as notice_selectors
from institutions.selectors.portal_desk import desk_of
from institutions.services import notices

LOGIN = reverse_lazy("portal-login")
PAGE_SIZE = 30


class InboxFilterForm(forms.Form):
    """What to show of the inbox."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all kinds")), *NoticeKind.choices])
    unread = forms.BooleanField(label=_("only unread"), required=False)


@require_GET
@never_cache
@login_required(login_url=LOGIN)
def inbox(request: HttpRequest) -> HttpResponse:
    """List the notices of the user's institutions, newest first."""
    found = notice_selectors.inbox_of(request.user)
    form = InboxFilterForm(request.GET)
    if form.is_valid():
        found = notice_selectors.narrowed(found, **form.cleaned_data)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [notice_selectors.present(notice) for notice in page.object_list]
    facts = {"form": form, "page": page, "notices": shown, "desk": desk_of(requester(request)), "here": "inbox"}
    return render(request, "portal/inbox.html", facts)


@require_GET
@never_cache
@login_required(login_url=LOGIN)
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """Show one notice; opening it is reading it. Another institution's notice is not there."""
    found = get_object_or_404(notice_selectors.inbox_of(request.user), number=number)
    read = notices.mark_read(notice=found, by=requester(request), now=clock.now())
    facts = {"notice": notice_selectors.present(read), "desk": desk_of(requester(request)), "here": "inbox"}
    return render(request, "portal/notice.html", facts)


@require_POST
@login_required(login_url=LOGIN)
def acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm one notice, and go back to it."""
    found = get_object_or_404(notice_selectors.inbox_of(request.user), number=number)
    notices.acknowledge(notice=found, by=requester(request), now=clock.now())
    return redirect("portal-notice", number=number)
