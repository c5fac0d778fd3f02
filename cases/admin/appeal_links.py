"""Links to an appeal from wherever it is named on the officers' pages."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.models import Appeal
from cases.models.appeal_choices import APPEAL_STATE_LABELS
from cases.selectors import appeals as appeal_selectors
from cases.states.appeal import State


def link(address: str, text: object) -> SafeString:
    """Return a link that looks like one."""
    return format_html('<a class="text-primary-600 underline" href="{}">{}</a>', address, text)


def appeal_link(appeal: Appeal) -> SafeString:
    """Return a link to the page of an appeal, with its receipt and state."""
    address = reverse("admin:cases_appeal_change", args=[appeal.pk])
    return link(address, f"{appeal.receipt} · {APPEAL_STATE_LABELS[State(appeal.state)]}")


def appeal_links(appeals: Iterable[Appeal]) -> SafeString | str:
    """Return links to the appeals against a decision, in their order."""
    return _joined(appeal_link(appeal) for appeal in appeals)


def file_links(appeal: Appeal) -> SafeString | str:
    """Return links to the files handed in with an appeal and with the answers in it; each opening is written down."""
    files = appeal_selectors.files_of(appeal)
    return _joined(link(reverse("admin:cases_appeal_file", args=[piece.pk]), piece.file_name) for piece in files)


def _joined(links: Iterable[SafeString]) -> SafeString | str:
    return format_html_join(" · ", "{}", ((each,) for each in links)) or "–"
