"""Pages rendered once: the same bytes as computed ones, sent without template or model, and never when untrue."""

import json
import re
import zlib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from institutions import clock
from institutions.models import Institution, PilotRegion, Practitioner, Region
from scoring.models import PublishedPages, Scorecard
from scoring.policy import rulebook_files
from scoring.publication import frames
from scoring.publication.rendering import LANGUAGES, page_context
from scoring.selectors.published import COLUMNS, published
from scoring.selectors.published_rules import published_rulebook
from scoring.selectors.scorecards import public_scorecard
from scoring.services import pilots, rulebooks, scorecards
from tests.factories.award import at_noon, post_award
from tests.factories.registration import RegistrationFactory
from tests.scoring.public_people import TODAY, People, people_today, set_today
from tests.scoring.published import ENGLISH, facts_of, page_of

pytestmark = pytest.mark.django_db
NOW = at_noon(TODAY)
MOMENT = re.compile(r'<time datetime="[^"]*T[^"]*">[^<]*</time>')


@pytest.fixture(scope="module")
def published_people(shared_rows: None) -> People:
    made = people_today()
    assert scorecards.publish_dirty(now=NOW) == 3
    return made


@pytest.fixture
def who(published_people: People) -> People:
    clock.move_to(NOW)
    return deepcopy(published_people)


def is_published(person: Practitioner, now: datetime = NOW) -> bool:
    return all(published(person.slug, form, now) for form in COLUMNS)


@pytest.mark.parametrize("headers", [{}, ENGLISH])
def test_the_published_page_is_the_computed_one_but_for_when_it_was_worked_out(
    who: People, headers: dict[str, str]
) -> None:
    for person in (who.terminated, who.suspended, who.scored):
        sent = page_of(person, **headers)
        Scorecard.objects.update(dirty_at=NOW)
        computed = page_of(person, **headers)
        Scorecard.objects.update(dirty_at=None)
        assert MOMENT.sub("", sent) == MOMENT.sub("", computed)
        assert "9997" not in sent


def test_a_page_sent_another_day_claims_that_day(who: People) -> None:
    later = TODAY + timedelta(days=3)
    set_today(later)
    assert "2025年6月15日" in page_of(who.terminated)
    assert "15 June 2025" in page_of(who.terminated, **ENGLISH)
    assert facts_of(who.terminated)["as_of"] == "2025-06-15"


def test_it_is_sent_without_template_and_with_one_statement_for_the_page(who: People) -> None:
    rendered: list[object] = []
    template_rendered.connect(lambda **kwargs: rendered.append(kwargs), weak=False, dispatch_uid="published")
    try:
        page_of(who.terminated)  # parsed and prepared
        with CaptureQueriesContext(connection) as seen:
            page_of(who.terminated)
            facts_of(who.terminated)
    finally:
        template_rendered.disconnect(dispatch_uid="published")
    assert not rendered
    asked = [
        query["sql"] for query in seen if "clockposition" not in query["sql"] and "lookupcount" not in query["sql"]
    ]
    assert asked == []  # but for the moved clock and the count: the one statement goes past Django's cursors


def test_each_language_has_its_etag_and_a_known_one_is_answered_304(who: People) -> None:
    client, path = Client(), f"/s/{who.terminated.slug}"
    chinese, english = client.get(path), client.get(path, **ENGLISH)
    assert chinese["ETag"] != english["ETag"]
    assert client.get(path, HTTP_IF_NONE_MATCH=chinese["ETag"]).status_code == 304
    assert client.get(path, HTTP_IF_NONE_MATCH=chinese["ETag"], **ENGLISH).status_code == 200
    assert (chinese["Cache-Control"], chinese["X-Robots-Tag"]) == ("no-cache", "noindex, nofollow, noarchive")
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in chinese["Vary"].split(",")}
    post_award(who.terminated, 1, TODAY)
    assert client.get(path, HTTP_IF_NONE_MATCH=chinese["ETag"]).status_code == 200


def test_the_language_form_leads_back_to_the_page(who: People) -> None:
    assert f'name="next" value="/s/{who.terminated.slug}"' in page_of(who.terminated)


def _rename_hospital(who: People) -> None:
    Institution.objects.filter(pk=who.hospital.pk).update(name="巴林左旗第一医院")


def _leave_and_rename(who: People) -> None:
    """The award names the hospital though the person works elsewhere by now."""
    who.terminated.registrations.all().delete()
    RegistrationFactory.create(practitioner=who.terminated, institution=who.clinic)
    Scorecard.objects.update(dirty_at=NOW)
    scorecards.publish_dirty(now=NOW)
    assert is_published(who.terminated)
    _rename_hospital(who)


def _rename_region(who: People) -> None:
    Region.objects.filter(code="150422").update(name="巴林左旗（新）")


def _change_name(who: People) -> None:
    Practitioner.objects.filter(pk=who.terminated.pk).update(name="耿小敏")


def _roster_touches_with_an_early_clock(who: People) -> None:
    """A roster read its clock before the page was published and commits after it."""
    Practitioner.objects.filter(pk=who.terminated.pk).update(profile_changed_at=NOW - timedelta(hours=1))


def _post(who: People) -> None:
    post_award(who.terminated, 1, TODAY)


def _activate_rules(who: People) -> None:
    scorecards.mark_all_dirty(now=NOW)


def _begin_pilot(who: People) -> None:
    pilots.begin_pilot(region_prefix="1504", starts_on=TODAY, reason="试点", by=None, now=NOW)


def _become_provisional(who: People) -> None:
    Practitioner.objects.filter(pk=who.terminated.pk).update(is_provisional=True)


def _merge(who: People) -> None:
    Practitioner.objects.filter(pk=who.terminated.pk).update(merged_into=who.clean)


def _miss_the_night(who: People) -> None:
    clock.move_to(at_noon(TODAY + timedelta(days=1)))


def _new_release(who: People) -> None:
    PublishedPages.objects.update(made_with="another")


CHANGES: list[Callable[[People], None]] = [
    _rename_hospital,
    _leave_and_rename,
    _rename_region,
    _change_name,
    _roster_touches_with_an_early_clock,
    _post,
    _activate_rules,
    _begin_pilot,
    _become_provisional,
    _merge,
    _miss_the_night,
    _new_release,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_whatever_a_page_rests_on_takes_it_out_of_service(who: People, change: Callable[[People], None]) -> None:
    assert is_published(who.terminated)
    change(who)
    assert not any(published(who.terminated.slug, form, clock.now()) for form in COLUMNS)


def test_nothing_else_takes_it_out_of_service(who: People) -> None:
    Institution.objects.update(closed_on=None)
    Practitioner.objects.filter(pk=who.terminated.pk).update(pinyin="gengxiaomin")
    Region.objects.filter(code="150422").update(is_current=True)
    assert is_published(who.terminated)


def test_loading_a_pack_takes_every_page_out_of_service(who: People, tmp_path: Path) -> None:
    assert rulebooks.load_packs(now=NOW) == 0
    assert is_published(who.terminated)
    pack = (rulebook_files.SHIPPED / "tianjin.yaml").read_text(encoding="utf-8")
    (tmp_path / "national.yaml").write_bytes((rulebook_files.SHIPPED / "national.yaml").read_bytes())
    later = re.sub(
        r"(?m)^effective_from: .*$", "effective_from: 2025-04-01", re.sub(r"(?m)^version: .*$", "version: 9", pack)
    )
    (tmp_path / "tianjin-9.yaml").write_text(later, encoding="utf-8")
    assert rulebooks.load_packs(now=NOW, directory=tmp_path) == 1
    assert not is_published(who.terminated)


def test_a_missed_night_shows_the_banner_and_no_page_claims_today(who: People) -> None:
    missed = TODAY + timedelta(days=1)
    clock.move_to(at_noon(missed))
    html = page_of(who.terminated)
    assert "notice--hold" in html
    assert "2025年6月12日" in html
    assert "2025年6月13日" not in html
    assert facts_of(who.terminated)["as_of"] == "2025-06-12"


def test_pages_of_another_release_are_rendered_again(who: People, monkeypatch: pytest.MonkeyPatch) -> None:
    PublishedPages.objects.update(made_with="another")
    monkeypatch.setattr(scorecards, "_SEEN", set())
    assert scorecards.publish_dirty(now=NOW) == 3
    assert is_published(who.terminated)


def test_closed_provisional_and_merged_people_have_no_bytes_stored(who: People) -> None:
    PilotRegion.objects.create(region_prefix="1504", starts_on=TODAY, reason="试点")
    scorecards.mark_all_dirty(now=NOW)
    scorecards.publish_dirty(now=NOW)
    assert not PublishedPages.objects.exists()
    assert "耿晓敏" not in page_of(who.terminated)


def test_what_is_stored_holds_nothing_that_is_not_on_the_list(who: People) -> None:
    code = who.terminated.codes.get().code
    for stored in PublishedPages.objects.all():
        for column in COLUMNS.values():
            body = bytes(getattr(stored, column)).decode()
            for private in (code, str(who.terminated.id), "巴医保案", "批量伪造医学文书", "csrf"):
                assert private not in body
        json.loads(bytes(stored.facts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_put_together_from_its_frame_is_the_template_rendered_whole(who: People, language: str) -> None:
    for person in (who.terminated, who.suspended, who.scored, who.clean):
        card = public_scorecard(person, on=TODAY)
        rules = published_rulebook(card.rulebook.id, card.rulebook.version)
        with translation.override(language):
            context = page_context(card, rules, {"150422": "赤峰市"}, on=TODAY, as_of=TODAY, evaluated_at=NOW)
            whole = render_to_string("scoring/scorecard.html", context | frames.outside(f"/s/{card.slug}"))
            assert frames.rendered(context, f"/s/{card.slug}") == whole


def test_the_same_picture_on_two_pages_leads_to_the_rules_of_each(who: People) -> None:
    card = public_scorecard(who.terminated, on=TODAY)
    told = {}
    for rulebook in ("inner-mongolia", "national"):
        rules = published_rulebook(rulebook, 1)
        under = replace(card, rulebook=replace(card.rulebook, id=rulebook, version=1))
        context = page_context(under, rules, {}, on=TODAY, as_of=TODAY, evaluated_at=NOW)
        told[rulebook] = frames.rendered(context, f"/s/{card.slug}")
    assert "/rules/national/" not in told["inner-mongolia"]
    assert "/rules/inner-mongolia/" not in told["national"]


def test_a_page_takes_five_requests_and_little_over_the_wire(who: People) -> None:
    html = page_of(who.terminated)
    found = re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"', html)
    assert len(found) + 1 <= 5
    weight = len(zlib.compress(html.encode()))
    for path in found:
        file = finders.find(path.removeprefix("/static/"))
        assert file is not None, path
        weight += len(zlib.compress(Path(file).read_bytes()))
    assert weight < 60_000
