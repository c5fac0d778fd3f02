"""Every role at every door: each page, action and endpoint × each role × a row of the own and of a foreign region.

The doors are found by asking `admin.site` and the URL resolver; who may is in `permission_matrix.yaml`, and nowhere
else. A page that is not in the table fails `test_every_address_is_in_the_table`. To add one:

1. A model in the admin: a row under `models`, with the roles for `view`, `add`, `change`, `delete` (left out: nobody).
2. Any other address (a page of our own in the admin, a portal page, an endpoint): a row under `pages`, by its URL name
   ("admin:…" within the admin; its route where it has no name), with `args` for what stands in the address and `get`,
   `post` … with `may`. Where nothing is said, who may is answered 200, who may not 403, and a foreign row is 404.
   `answer`, `refusal` and `foreign` say otherwise; an empty form that is refused by a service is 409 or 422.
3. A row to look at: `args` name a model ("cases.Appeal", "cases.Appeal.receipt") or a name of `matrix_world.py`.

4. A move that is refused once its matter is over: a row under `late`, with a matter of `matrix_ended.py` (409).

Strangers, and hospital staff in the admin, are sent to the log-in (302); at an endpoint they are refused (403).
A foreign row meets every reader: officers hold their role elsewhere, and are told that it is not there.
A second row for one address, say in another state, is named "address · what it shows".
Requests are undone after each cell. Templates and side bars are not made here: what pages show has tests of its own.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from institutions import clock
from institutions.models import User
from tests.config.matrix_table import (
    HR,
    NO_ROLE,
    READERS,
    ROLES,
    STRANGER,
    Cell,
    addresses,
    late_cells,
    model_cells,
    named_pages,
    own_pages,
    page_cells,
    roles_of,
    standard_pages,
    table,
    without_role,
)
from tests.config.matrix_world import Place, build
from tests.factories.user import UserFactory, officer

HERE, THERE = "120101", "120102"
NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[dict[str, Any]]:
    """The two places and a browser for each reader, made once for all tests here, and undone at the end."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, pytest.MonkeyPatch.context() as patch, transaction.atomic():
        made = _world()
        patch.setattr(Template, "render", lambda *_args, **_kwargs: "")
        patch.setattr(type(admin.site), "each_context", lambda *_args: {})
        logging.disable(logging.WARNING)  # each refusal would be a line with its traceback
        yield made
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


def _world() -> dict[str, Any]:
    """Make the places and the readers; all officers hold their role over the first place only."""
    here, there = build(HERE, NOW), build(THERE, NOW)
    clock.move_to(max(here.named["walk_now"], there.named["walk_now"]))
    users: dict[str, User] = {role: officer(role, region=HERE) for role in ROLES if role != HR}
    # The one who sent the rosters: everybody else sees their own. Another approver: the decisions are of the first.
    users |= {"inspector": here.team.inspector, HR: here.named["hr"], NO_ROLE: UserFactory.create(is_staff=True)}
    here.named["appeal_officer"] = there.named["appeal_officer"] = users["appeal_officer"]
    clients = {STRANGER: Client(raise_request_exception=False)}
    for reader, user in users.items():
        clients[reader] = Client(raise_request_exception=False)
        clients[reader].force_login(user)
    return {"here": here, "there": there, "users": users, "clients": clients}


def test_every_address_is_in_the_table():
    unknown = [address for address in own_pages() if address not in named_pages() and address not in without_role()]
    assert not unknown, "Say in tests/config/permission_matrix.yaml who may open them (see this file's docstring)."


def test_every_model_of_the_admin_is_in_the_table():
    registered = {model._meta.label for model in admin.site._registry}
    assert registered == set(table()["models"])


def test_the_table_names_no_page_that_is_gone():
    names = {address.name for address in addresses()}
    assert not named_pages() - names
    assert not without_role() - names
    assert standard_pages() <= names


def test_every_page_of_the_table_says_who_may():
    silent = [page for page in table()["pages"] if not page_cells(page)]
    assert not silent


def test_every_door_answers_every_role_as_the_table_says(world):
    wrong = list(_wrong(world))
    assert not wrong, "\n".join([f"{len(wrong)} answers are not those of the table:", *wrong])


def test_a_move_that_comes_too_late_is_told_so(world):
    here, wrong = world["here"], []
    for cell in late_cells():
        address, data = _address(cell, here), _data(cell, here)
        for reader in sorted(cell.may):
            status = _status(world["clients"][reader], cell, address, data)
            if status not in cell.answer:
                wrong.append(f"{cell.page} as {reader}: {status}, not 409")
    assert not wrong, "\n".join(wrong)


def test_public_pages_open_to_a_stranger(world):
    stranger, here = world["clients"][STRANGER], world["here"]
    answers = {}
    for page, args in table()["public"].items():
        address = reverse(page, kwargs={name: here.value(path) for name, path in args.items()})
        answers[page] = stranger.get(address).status_code
    assert {page: status for page, status in answers.items() if status != 200} == {}


def test_lists_hold_rows_of_the_own_region_only(world):
    """A foreign row is on no list, whatever its page says; an own one is."""
    here, there, wrong = world["here"], world["there"], []
    for model, page in admin.site._registry.items():
        row = table()["models"][model._meta.label]
        for role in roles_of(row.get("view", [])) - {HR, STRANGER, NO_ROLE}:
            if not row.get("foreign", True):
                continue
            request = RequestFactory().get("/")
            request.user = world["users"][role]
            found = page.get_queryset(request)
            own, foreign = (place.value(row.get("row", model._meta.label)) for place in (here, there))
            if not found.filter(pk=own).exists() or found.filter(pk=foreign).exists():
                wrong.append(f"{model._meta.label} as {role}")
    assert not wrong


def _cells() -> Iterator[Cell]:
    for label in table()["models"]:
        yield from model_cells(label)
    for page in table()["pages"]:
        yield from page_cells(page)


def _wrong(world: dict[str, Any]) -> Iterator[str]:
    for cell in _cells():
        for place in (world["here"], world["there"]) if cell.args else (world["here"],):
            address, data = _address(cell, place), _data(cell, place)
            with _undone():
                statuses = {reader: _status(world["clients"][reader], cell, address, data) for reader in READERS}
            for reader, status in statuses.items():
                expected = cell.expected(reader, is_foreign=place is world["there"])
                if status not in expected:
                    where = "foreign" if place is world["there"] else "own"
                    said = " or ".join(map(str, sorted(expected)))
                    yield f"{cell.method.upper()} {cell.page} ({where}) as {reader}: {status}, the table says {said}"


def _address(cell: Cell, place: Place) -> str:
    return reverse(cell.page, kwargs={name: place.value(path) for name, path in cell.args.items()})


def _data(cell: Cell, place: Place) -> dict[str, Any]:
    """Return what is sent; "=…" stands for what `Place.value` says."""
    asked = {name: str(value) for name, value in cell.data.items() if str(value).startswith("=")}
    return cell.data | {name: str(place.value(value[1:])) for name, value in asked.items()}


def _status(client: Client, cell: Cell, address: str, data: dict[str, Any]) -> int:
    """Send the request and undo what it did; what a reader's looking writes down is undone with the cell."""
    kind = {"content_type": "application/json"} if address.startswith("/api/") and cell.method != "get" else {}
    with nullcontext() if cell.method == "get" else _undone():
        return int(getattr(client, cell.method)(address, data, **kind).status_code)


@contextmanager
def _undone() -> Iterator[None]:
    block: Any = transaction.atomic()
    block._from_testcase = True  # as Django's own test cases say: a durable block inside is not refused
    with block:
        try:
            yield
        finally:
            transaction.set_rollback(True)
