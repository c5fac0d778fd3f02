"""The ways of service: a day and a proof always; public notice and refused acceptance by their own rules."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cases.models import IssuedLetter, Service
from cases.services import attributions, letters, serving
from cases.states import State
from institutions.errors import RuleRefused
from scoring.models import RulebookVersion
from scoring.selectors import rulebooks
from tests.factories.attribution import days_later, procedure

pytestmark = pytest.mark.django_db

PUBLISHED_ON = date(2025, 6, 10)
SERVED_ON = date(2025, 7, 10)  # thirty days later


def proposed(now):
    walk = procedure(State.PROPOSED, now=now)
    letters.issue_intent(attribution=walk.attribution, by=walk.team.inspector, now=now)
    walk.now = days_later(now, 30)
    return walk


def serve(walk, **changes):
    facts: dict[str, Any] = {
        "method": "public_notice",
        "served_on": SERVED_ON,
        "proof": "公告截图",
        "published_on": PUBLISHED_ON,
    }
    return attributions.serve_intent(
        attribution=walk.attribution, by=walk.team.inspector, now=walk.now, **(facts | changes)
    )


class TestPublicNotice:
    def test_the_number_of_days_is_a_dated_parameter_with_its_source(self):
        rulebook = rulebooks.rulebook_for("150422", PUBLISHED_ON)
        assert rulebook.service is not None
        assert rulebook.service.public_notice_days == 30
        provenance = rulebook.provenance_of("service.public_notice_days")
        assert provenance.assumption
        assert "民事诉讼法" in provenance.note

    def test_it_is_served_thirty_days_after_its_publication(self, now):
        it = serve(proposed(now))
        assert (it.state, it.intent_served_on) == (State.INTENT_SERVED, SERVED_ON)
        service = Service.objects.get()
        assert (service.published_on, service.on, service.proof) == (PUBLISHED_ON, SERVED_ON, "公告截图")

    @pytest.mark.parametrize("day", [SERVED_ON - timedelta(days=1), SERVED_ON + timedelta(days=1)])
    def test_no_other_day_counts(self, now, day):
        walk = proposed(now)
        walk.now = days_later(now, 40)
        with pytest.raises(RuleRefused) as refused:
            serve(walk, served_on=day)
        assert refused.value.rule == "service.public_notice_days"
        assert not Service.objects.exists()

    def test_not_while_the_days_run(self, now):
        walk = proposed(now)
        walk.now = days_later(now, 29)
        with pytest.raises(RuleRefused):
            serve(walk)

    def test_the_day_of_publication_is_required(self, now):
        with pytest.raises(RuleRefused):
            serve(proposed(now), published_on=None)

    def test_what_was_published_before_the_letter_was_not_the_letter(self, now):
        walk = proposed(now)
        with pytest.raises(RuleRefused):
            serve(walk, published_on=PUBLISHED_ON - timedelta(days=1), served_on=SERVED_ON - timedelta(days=1))

    def test_without_a_letter_nothing_was_published(self, now):
        walk = procedure(State.PROPOSED, now=now)
        walk.now = days_later(now, 30)
        with pytest.raises(RuleRefused):
            serve(walk)
        assert not IssuedLetter.objects.exists()

    def test_the_officer_need_not_count(self, now):
        walk = proposed(now)
        it = letters.serve_standing_letter(
            attribution=walk.attribution,
            method="public_notice",
            served_on=None,
            published_on=PUBLISHED_ON,
            proof="公告截图",
            by=walk.team.inspector,
            now=walk.now,
        )
        assert it.intent_served_on == SERVED_ON

    def test_a_pack_stored_before_it_was_a_parameter_serves_nobody_so(self, now, monkeypatch):
        walk = proposed(now)
        old = rulebooks.rulebook_for("150422", PUBLISHED_ON)
        pack: dict[str, Any] = {key: value for key, value in old.resolved.items() if key != "service"}
        pack["provenance"] = {key: value for key, value in pack["provenance"].items() if key != "service"}
        parsed = rulebooks.parse_rulebook(pack)
        assert parsed.service is None
        version = RulebookVersion.objects.get(digest=old.digest)
        monkeypatch.setitem(rulebooks._PARSED, version.digest, parsed)
        with pytest.raises(RuleRefused):
            serving.served_by_public_notice(walk.attribution, PUBLISHED_ON)

    @pytest.mark.parametrize("method", ["post", "portal", "hr_handover"])
    def test_other_ways_have_no_day_of_publication(self, now, method):
        with pytest.raises(RuleRefused):
            serve(proposed(now), method=method)


class TestNotAccepted:
    def test_a_letter_left_before_a_witness_is_served_that_day(self, now):
        walk = procedure(State.PROPOSED, now=now)
        it = serve(
            walk,
            method="deemed",
            served_on=PUBLISHED_ON,
            published_on=None,
            proof="送达回证载明拒收事由",
            witness="居委会代表一名",
        )
        assert it.intent_served_on == PUBLISHED_ON
        assert Service.objects.get().witness == "居委会代表一名"

    def test_nobody_saw_it_is_no_service(self, now):
        walk = procedure(State.PROPOSED, now=now)
        with pytest.raises(RuleRefused):
            serve(walk, method="deemed", served_on=PUBLISHED_ON, published_on=None, witness="  ")
        assert not Service.objects.exists()


class TestTheDatabase:
    """What the service refuses, the database refuses to anybody."""

    def insert(self, walk, **values):
        row = {
            "attribution_id": walk.attribution.pk,
            "kind": "intent",
            "window": 9,
            "method": "post",
            "on": SERVED_ON,
            "proof": "EMS",
            "published_on": None,
            "witness": "",
            "recorded_at": walk.now,
        } | values
        with transaction.atomic():
            Service.objects.create(**row)

    @pytest.mark.parametrize(
        ("values", "rule"),
        [
            ({"method": "public_notice"}, "public_notice_has_its_day"),
            ({"method": "public_notice", "published_on": date(2025, 7, 11)}, "public_notice_has_its_day"),
            ({"published_on": PUBLISHED_ON}, "public_notice_has_its_day"),
            ({"method": "deemed"}, "deemed_service_has_a_witness"),
            ({"method": "deemed", "witness": " "}, "deemed_service_has_a_witness"),
            ({"method": "pigeon"}, "service_method_is_known"),
        ],
    )
    def test_a_service_against_the_rules_is_no_row(self, now, values, rule):
        walk = procedure(State.PROPOSED, now=now)
        with pytest.raises(IntegrityError, match=rule):
            self.insert(walk, **values)

    def test_one_within_the_rules_is(self, now):
        self.insert(procedure(State.PROPOSED, now=now))
        assert Service.objects.count() == 1
