"""No page of the officers' admin speaks two languages: nothing is untranslated, nothing Chinese in English.

The pages are those of the side bar, of every model and every queue, and one row of each model; what is in the rows
(names, codes, file names, what officers wrote) is data and stands in whatever language it was written.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from config import messages
from config.admin.navigation import navigation
from institutions import clock
from institutions.models import Role
from tests.config.matrix_table import model_cells, page_cells, table
from tests.config.matrix_world import Place, build
from tests.factories.user import UserFactory

HERE, NOW = "120101", datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
UNREAD = {"script", "style", "template", "code", "pre", "svg", "textarea"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
ICONS = re.compile("material-symbols")
# Names that are the same in both languages: formats, standards, keys of the API, the theme's own.
NAMES = {
    *("api", "bom", "csv", "drg", "dip", "ems", "english", "gmt", "html", "http", "iso", "json", "jifen", "pdf", "png"),
    *("sha", "totp", "utc", "url", "utf", "uuid", "xlsx", "yaml", "zip", "excel", "postgresql", "django", "unfold"),
    *("gb", "docx", "txt", "ldap", "docs", "rulebooks", "manage", "date", "source", "matrix"),
}
WORD = re.compile(r"[A-Za-z][A-Za-z'’]{2,}")
# Names of tasks, acts and files, receipts and keys, log-ins.
CODE = re.compile(r"\b\w*[_.]\w[\w.]*|\b[A-Z]{2}\d{4}-[0-9A-F]+|[0-9a-f-]{20,}|\b[A-Za-z]+\d+\b")
CHINESE = re.compile("[\u4e00-\u9fff]")


class Texts(HTMLParser):
    """Collects what a reader sees or hears: text, labels, titles, placeholders; not what is in a language of its own.

    A letter stands on an officer's page in the language in which it was sent, and says so (`lang`).
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.found: list[str] = []
        self._unread: list[str] = []  # elements open since the first that is not read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note labels of an element; leave out what is not read."""
        given = dict(attrs)
        is_named = tag in UNREAD or ICONS.search(given.get("class") or "") or given.get("translate") == "no"
        if tag not in VOID and (self._unread or is_named or (tag != "html" and given.get("lang"))):
            self._unread.append(tag)
        if not self._unread:
            for name in ("title", "aria-label", "placeholder", "alt"):
                self._note(given.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave what was not read."""
        if tag in self._unread:
            while self._unread.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if not self._unread:
            self._note(data)

    def _note(self, text: str) -> None:
        plain = " ".join(text.split())
        if plain:
            self.found.append(plain)


def texts_of(html: str) -> list[str]:
    """Return every text of a page."""
    reader = Texts()
    reader.feed(html)
    return reader.found


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[tuple[Place, Client, Any]]:
    """One of everything in one region, and somebody who may open every page."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, transaction.atomic():
        place = build(HERE, NOW)
        clock.move_to(place.named["walk_now"])
        user = UserFactory.create(is_staff=True, is_superuser=True)
        client = Client(raise_request_exception=False)
        client.force_login(user)
        yield place, client, user
        transaction.set_rollback(True)


def pages(place: Place, user: Any) -> list[str]:
    """Return the addresses of the side bar, of each model and its newest row, and of the pages of our own."""
    request = RequestFactory().get("/admin/")
    request.user = user
    found = [item["link"] for group in navigation(request) for item in group["items"]]
    for model in admin.site._registry:
        label = model._meta.label
        base = f"admin:{label.lower().replace('.', '_')}"
        found += [reverse(f"{base}_changelist"), reverse(f"{base}_add")]
        cells = model_cells(label) if label in table()["models"] else []
        key = next((cell.args["object_id"] for cell in cells if "object_id" in cell.args), label)
        if key in place.named or key in place.newest:
            found += [reverse(f"{base}_{part}", args=[place.value(key)]) for part in ("change",)]
    for name in table()["pages"]:
        if name.startswith("admin:") and any(cell.method == "get" for cell in page_cells(name)):
            args = page_cells(name)[0].args
            found.append(reverse(name, kwargs={key: place.value(path) for key, path in args.items()}))
    found += [
        reverse("admin:casefile-workspace", args=[place.named["case"].pk]) + f"?person={place.named['assessed'].pk}",
        reverse("admin:cases_casefile_questions", args=[place.named["case"].pk]),
        reverse("admin:cases_attribution_decide", args=[place.named["assessed"].pk]),
        reverse("admin:cases_attribution_decide", args=[place.named["effective"].pk]),
        reverse("admin:scoring_rulebookdraft_send"),
        reverse("admin:cases_lead_take_in"),
        reverse("admin:cases_lead_statistics"),
        reverse("admin:cases_typicalcase_yearly_report"),
        reverse("admin:cases_casefile_history", args=[place.named["case"].pk]),
        *("/account/", "/account/password/", "/account/second-factor/"),
    ]
    return sorted(set(found))


def read(client: Client, address: str, language: str) -> list[str]:
    """Return the texts of a page in a language; nothing where it is none (a redirect, a file, a refusal)."""
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code < 500, f"{address}: {answer.status_code}"
    if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
        return []
    return texts_of(answer.content.decode())


def catalogue() -> dict[str, str]:
    """Return the sentences of the product with their Chinese, where the two differ and nothing is put in."""
    found = {}
    for message in messages.read_catalogue():
        said, chinese = message.id, message.string
        if isinstance(said, str) and isinstance(chinese, str) and said and said != chinese and "%" not in said:
            found[said] = chinese
    return found


def data_of(place: Place) -> str:
    """Return everything that stands in the rows of the world as one text: what is data is in no language."""
    rows = [str(list(Role.objects.values_list("code", "name")))]
    for model in {type(row) for row in place.newest.values()}:
        columns = [f.attname for f in model._meta.concrete_fields if not f.choices]
        rows += [str(value) for row in model._base_manager.values_list(*columns)[:2000] for value in row]
    return "\n".join(rows)


def test_nothing_is_untranslated_in_chinese(world):
    place, client, user = world
    data = data_of(place)
    wrong: dict[str, str] = {}
    sentences = catalogue()
    for address in pages(place, user):
        for text in read(client, address, "zh-CN"):
            words = [word for word in WORD.findall(CODE.sub("", text)) if word.lower() not in NAMES]
            if (text in sentences and text not in data) or any(word not in data for word in words):
                wrong.setdefault(text[:120], address)
    assert not wrong, "\n".join(f"{text}  ({address})" for text, address in sorted(wrong.items()))


def test_nothing_of_the_product_is_chinese_in_english(world):
    place, client, user = world
    data = data_of(place)
    wrong: dict[str, str] = {}
    chinese = {text for text in catalogue().values() if CHINESE.search(text)}
    for address in (found for found in pages(place, user) if not found.endswith("/change/")):
        for text in read(client, address, "en"):
            if text in chinese and text not in data:
                wrong.setdefault(text[:120], address)
    assert not wrong, "\n".join(f"{text}  ({address})" for text, address in sorted(wrong.items()))


def test_the_side_bar_leads_somewhere(world):
    """The pages are found by the side bar: more than a handful, each queue and each list."""
    place, _client, user = world
    found = pages(place, user)
    assert reverse("desk-queue", args=["assessments"]) in found
    assert len(found) > 100
