"""The pages that explain: there in both languages, linked from every page, without script."""

from datetime import date

import pytest

from scoring.selectors.published_rules import published_rulebooks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/rules/", "/privacy/", "/accessibility/", "/developers/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_page_is_there_and_linked(client, path, language):
    page = client.get(path, headers={"accept-language": language})
    assert page.status_code == 200
    assert "<script" not in page.content.decode()
    assert f'href="{path}"' in client.get("/", headers={"accept-language": language}).content.decode()


def test_the_rules_in_force_are_told_from_those_that_are_not():
    on = {(b.id, b.version): b for b in published_rulebooks(date(2027, 6, 1))}
    assert on["hunan", 2].is_repeal
    assert not on["hunan", 2].is_in_force
    assert not on["hunan", 1].is_in_force
    assert on["national", 1].is_in_force
    before = {(b.id, b.version): b for b in published_rulebooks(date(2025, 6, 1))}
    assert before["hunan", 1].is_in_force
    assert not before["hunan", 2].is_in_force


def test_the_list_leads_to_every_version(client):
    page = client.get("/rules/", headers={"accept-language": "en"}).content.decode()
    for book in published_rulebooks(date(2025, 6, 1)):
        assert f"/rules/{book.id}/{book.version}" in page
        assert client.get(f"/rules/{book.id}/{book.version}").status_code == 200
