"""An auditor reads every page of the admin in their region and finds no button there that would change anything.

The pages are those that `permission_matrix.yaml` opens to auditors; that each move is refused (403) is asked there.
"""

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from institutions import clock
from tests.config.matrix_table import is_admin, model_cells, page_cells, table
from tests.config.matrix_world import build
from tests.config.test_permission_matrix import HERE, NOW
from tests.factories.user import officer

pytestmark = pytest.mark.django_db

# What an auditor may send: opening evidence and files (written down), computing a preview, leaving, a language.
READING = ("/workspace/evidence/", "/workspace/preview/", "/admin/logout/", "/i18n/", "/language")
SHOWING = {"admin:institutions_practitionermerge_propose": {("", "None=None")}}  # what a merge would cause
READING_MOVES = {("move", "open"), ("move", "open-copy")}


class Buttons(HTMLParser):
    """Collects the enabled buttons of forms that are posted: the form's address and what the button is called."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.form: dict[str, str | None] | None = None
        self.reads = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "form":
            self.form = facts if (facts.get("method") or "").lower() == "post" else None
            self.reads = any(part in (facts.get("action") or "") for part in READING)
        if self.form is None:
            return
        if tag == "input" and (facts.get("name"), facts.get("value")) in READING_MOVES:
            self.reads = True
        is_sent = facts.get("type", "submit" if tag == "button" else "text") == "submit"
        is_free = "disabled" not in facts and (facts.get("name"), facts.get("value")) not in READING_MOVES
        if tag in ("button", "input") and is_sent and is_free and not self.reads:
            self.found.append((self.form.get("action") or "", f"{facts.get('name')}={facts.get('value')}"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None


def cells():
    """The pages that the table lets an auditor read; one's own delegation is the auditor's own affair."""
    for label in table()["models"]:
        yield from model_cells(label)
    for page in table()["pages"]:
        yield from page_cells(page)


def test_every_page_that_an_auditor_reads_has_no_button_that_changes_anything(now, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    place = build(HERE, NOW)
    clock.move_to(place.named["walk_now"])
    client = Client()
    client.force_login(officer("auditor", region=HERE))
    wrong: dict[str, object] = {}
    read = 0
    for cell in cells():
        if cell.method != "get" or "auditor" not in cell.may or not is_admin(cell.page):
            continue
        answer = client.get(reverse(cell.page, kwargs={name: place.value(path) for name, path in cell.args.items()}))
        read += 1
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            buttons = Buttons()
            buttons.feed(answer.content.decode())
            left = set(buttons.found) - SHOWING.get(cell.page, set())
            if left:
                wrong[cell.page] = sorted(left)
        elif answer.status_code not in (200, 302):
            wrong[cell.page] = answer.status_code
    assert read > 100
    assert wrong == {}
