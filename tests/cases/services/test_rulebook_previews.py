"""The effect of a draft on live data: the exact list of persons, no row changed, and what activation really gives."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from cases import tasks
from cases.models import Attribution
from cases.services import attributions, effects, rulebook_previews
from cases.states import State
from institutions.clock import local_date, start_of
from institutions.models import Practitioner
from scoring.models import DraftState, EffectMode, PointsEntry, RulebookDraft, RulebookEffect, RulebookVersion
from scoring.policy.redrafting import standing_of
from scoring.selectors.accounts import load_account
from scoring.selectors.rulebook_drafts import active_rulebooks, book_of
from scoring.selectors.rulebook_effects import Redraft
from scoring.services import rulebook_drafts
from tests.factories.attribution import PROOF, Procedure, officers, procedure
from tests.factories.award import post_award, registered
from tests.factories.institution import InstitutionFactory
from tests.factories.region import RegionFactory
from tests.factories.user import officer
from tests.scoring.drafts import LOWER, upload

pytestmark = pytest.mark.django_db
MINE = {"scoring_rulebookdraft", "scoring_rulebookdraftevent", "scoring_rulebookeffect", "institutions_jobrun"}


SIGNED = {"countersign_reason": "按案情酌定。"}


class Undone(Exception):
    """Ends a world that was only tried out."""


def tried(act: Callable[[], Any]) -> Any:
    """Do something on a copy: in a savepoint that is rolled back."""
    result: list[Any] = []
    with suppress(Undone), transaction.atomic():
        result.append(act())
        raise Undone
    return result[0]


def digests() -> dict[str, tuple[int, str]]:
    """A digest of the rows of every table of ours, but those of drafts themselves."""
    apps_of_ours = [apps.get_app_config(label) for label in ("institutions", "scoring", "cases")]
    tables = {model._meta.db_table for app in apps_of_ours for model in app.get_models()}
    found = {}
    rows = "md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), ''))"
    with connection.cursor() as cursor:
        for table in sorted(tables - MINE):
            cursor.execute(f'SELECT count(*), {rows} FROM "{table}" t')  # noqa: S608
            found[table] = cursor.fetchone()
    return found


def previewed(draft: RulebookDraft, now: datetime) -> RulebookDraft:
    assert rulebook_previews.process_due(now=now)["previewed"] == 1
    draft.refresh_from_db()
    assert draft.state == DraftState.WAITING, draft.error
    return draft


def listed(draft: RulebookDraft, mode: EffectMode) -> dict[Any, tuple[dict, dict]]:
    rows = RulebookEffect.objects.filter(draft=draft, mode=mode)
    return {row.practitioner_id: (row.before, row.after) for row in rows}


def standings(people: list[Practitioner], on: date) -> dict[Any, Any]:
    return {p.pk: rulebook_previews.plain(standing_of(load_account(p).account, on)) for p in people}


def differing(before: dict[Any, Any], after: dict[Any, Any]) -> dict[Any, tuple[dict, dict]]:
    return {pk: (before[pk], after[pk]) for pk in before if before[pk] != after[pk]}


@pytest.fixture
def approver() -> Any:
    return officer("approver")


@pytest.fixture
def waiting(now: datetime) -> list[Procedure]:
    """Ten decisions of one day: nine given and not yet served, of 1 to 9 points, and one of 12."""
    team = officers()
    walks = [
        procedure(State.DECIDED, now=now, team=team, line__points=points, decide=SIGNED)
        for points in (*range(1, 10), 12)
    ]
    old = walks[0].attribution.practitioner  # five points of the year stand already: 6 with the decision on its way
    post_award(old, 5, date(2025, 6, 2), institution=walks[0].attribution.case.institution)
    return walks


def put_into_effect(walks: list[Procedure], now: datetime) -> None:
    """Serve every decision today and let it take effect."""
    for walk in walks:
        it = Attribution.objects.get(pk=walk.attribution.pk)
        if it.state == State.DECIDED:
            it = attributions.serve_decision(
                attribution=it,
                served_on=local_date(now),
                method="hr_handover",
                proof=PROOF,
                by=walk.team.inspector,
                now=now,
            )
        effects.make_effective(attribution=it, now=now)


def after_effect(walks: list[Procedure], now: datetime) -> dict[Any, Any]:
    """Put every decision into effect; where everybody stands then."""
    put_into_effect(walks, now)
    return standings([walk.attribution.practitioner for walk in walks], local_date(now))


def activated(draft: RulebookDraft, by: Any, now: datetime) -> RulebookVersion:
    rulebook_drafts.open_effect(draft=draft, by=by, now=now)
    return rulebook_drafts.activate_draft(draft=draft, effect_digest=draft.effect_digest, by=by, now=now)


class TestWhatActivationChanges:
    def test_the_list_is_what_activation_on_a_copy_gives_and_no_row_is_changed(
        self, waiting: list[Procedure], approver: Any
    ) -> None:
        """Issue 5: a draft that would suspend more persons lists them exactly, changes no row, same list on a copy."""
        now = max(walk.now for walk in waiting)
        people = [walk.attribution.practitioner for walk in waiting]
        draft = upload(now)
        rows = digests()
        draft = previewed(draft, now)
        assert digests() == rows
        found = listed(draft, EffectMode.ACTIVATION)
        as_it_is = tried(lambda: after_effect(waiting, now))
        as_drafted = tried(lambda: activated(draft, approver, now) and after_effect(waiting, now))
        assert found == differing(as_it_is, as_drafted)
        moves = {pk: (before["status"], after["status"]) for pk, (before, after) in found.items()}
        newly = [people[index].pk for index in (0, 5, 6, 7)]  # 5 + 1, 6, 7 and 8 points
        assert moves == dict.fromkeys(newly, ("normal", "suspended"))
        assert draft.effect["activation"]["moves"] == {"normal>suspended": 4}
        kept = RulebookEffect.objects.filter(mode=EffectMode.ACTIVATION).values_list("causes", "stage")
        assert {(*causes, stage) for causes, stage in kept} == {("measures.suspend", "decided")}

    def test_what_was_served_before_the_first_day_is_not_the_drafts(
        self, waiting: list[Procedure], approver: Any
    ) -> None:
        now = max(walk.now for walk in waiting)
        for walk in waiting[5:7]:
            walk.now = now
            walk.serve()
        tomorrow = local_date(now) + timedelta(days=1)
        draft = previewed(upload(now, LOWER.replace("2025-06-01", tomorrow.isoformat())), now)
        found = listed(draft, EffectMode.ACTIVATION)
        assert set(found) == {waiting[index].attribution.practitioner_id for index in (0, 7)}
        later = start_of(tomorrow) + timedelta(hours=10)
        as_it_is = tried(lambda: after_effect(waiting, later))
        as_drafted = tried(lambda: activated(draft, approver, now) and after_effect(waiting, later))
        assert found == differing(as_it_is, as_drafted)

    def test_accounts_on_record_keep_their_version(self, now: datetime, approver: Any) -> None:
        person = registered()
        post_award(person, 8, date(2025, 6, 5))
        draft = previewed(upload(now), now)
        assert listed(draft, EffectMode.ACTIVATION) == {}
        before = standings([person], local_date(now))
        activated(draft, approver, now)
        assert standings([person], local_date(now)) == before


class TestHistory:
    def test_the_list_is_what_posting_the_same_awards_under_the_draft_gives(self, now: datetime, approver: Any) -> None:
        people = [registered() for _each in range(7)]
        awards = [(0, 6, 3), (1, 8, 4), (2, 5, 5), (2, 4, 8), (3, 12, 6), (4, 3, 7), (5, 9, 8)]

        def post() -> None:
            for person, points, day in awards:
                post_award(people[person], points, date(2025, 6, day))
            post_award(people[6], 7, date(2025, 5, 20))  # before the draft's first day

        def in_another_world() -> dict[Any, Any]:
            draft = previewed(upload(now), now)
            activated(draft, approver, now)
            post()
            return standings(people, local_date(now))

        as_drafted = tried(in_another_world)
        post()
        draft = upload(now)
        rows = digests()
        draft = previewed(draft, now)
        assert digests() == rows
        found = listed(draft, EffectMode.HISTORY)
        assert found == differing(standings(people, local_date(now)), as_drafted)
        assert {people[0].pk, people[1].pk} <= set(found)
        assert people[6].pk not in found
        assert draft.effect["history"]["since"] == "2025-06-01"
        assert draft.effect["history"]["moves"]["normal>suspended"] == 2

    def test_a_draft_that_is_to_come_is_tried_from_the_first_of_january(self, now: datetime) -> None:
        person = registered()
        post_award(person, 6, date(2025, 4, 2))
        draft = previewed(upload(now, LOWER.replace("2025-06-01", "2025-09-01")), now)
        assert set(listed(draft, EffectMode.HISTORY)) == {person.pk}
        assert draft.effect["history"]["since"] == "2025-01-01"
        assert draft.effect_on == date(2025, 9, 1)

    def test_people_elsewhere_are_not_concerned(self, now: datetime) -> None:
        person = registered()
        elsewhere = InstitutionFactory(region=RegionFactory(code="430102"))
        post_award(person, 8, date(2025, 6, 5), institution=elsewhere)
        draft = previewed(upload(now), now)
        assert not RulebookEffect.objects.exists()
        assert draft.effect["history"]["people"] == 0


class TestTheRun:
    def test_the_database_itself_refuses_a_change_while_accounts_are_read(self, now: datetime) -> None:
        person = registered()
        with pytest.raises(DatabaseError, match="read-only"), rulebook_previews.read_only():
            Practitioner.objects.filter(pk=person.pk).update(name="X")

    def test_the_task_runs_once_and_again_does_nothing(self, now: datetime) -> None:
        draft = upload(now)
        assert tasks.preview_rulebook_drafts()["previewed"] == 1
        assert tasks.preview_rulebook_drafts()["previewed"] == 0
        draft.refresh_from_db()
        assert draft.effect_digest

    def test_a_run_that_fails_says_so_and_another_may_be_asked_for(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft = upload(now)
        with monkeypatch.context() as broken:
            broken.setattr(rulebook_previews, "people_pending", lambda _redraft: 1 / 0)
            assert rulebook_previews.process_due(now=now)["failed"] == 1
        draft.refresh_from_db()
        assert draft.state == DraftState.FAILED
        assert "ZeroDivisionError" in draft.error
        rulebook_drafts.renew_effect(draft=draft, by=draft.uploaded_by, now=now)
        previewed(draft, now)

    def test_withdrawn_meanwhile_it_stays_withdrawn(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        draft = upload(now)

        real = rulebook_previews._keep

        def keep(found: RulebookDraft, *rest: Any) -> str:
            rulebook_drafts.withdraw_draft(draft=draft, reason="换了稿子", by=draft.uploaded_by, now=now)
            return real(found, *rest)

        monkeypatch.setattr(rulebook_previews, "_keep", keep)
        assert rulebook_previews.process_due(now=now)["left"] == 1
        draft.refresh_from_db()
        assert draft.state == DraftState.WITHDRAWN

    def test_the_same_data_give_the_same_digest_and_other_data_another(self, now: datetime) -> None:
        post_award(registered(), 8, date(2025, 6, 5))
        draft = previewed(upload(now), now)
        first = draft.effect_digest
        rulebook_drafts.renew_effect(draft=draft, by=draft.uploaded_by, now=now)
        assert previewed(draft, now).effect_digest == first
        post_award(registered(), 7, date(2025, 6, 6))
        rulebook_drafts.renew_effect(draft=draft, by=draft.uploaded_by, now=now)
        assert previewed(draft, now).effect_digest != first

    def test_queries_do_not_grow_with_the_people(self, now: datetime, django_assert_max_num_queries: Any) -> None:
        for points in range(1, 9):
            post_award(registered(), points, date(2025, 6, 5))
        redraft = Redraft(book_of(upload(now)), tuple(active_rulebooks()), local_date(now))
        assert PointsEntry.objects.count() == 8
        with django_assert_max_num_queries(30):
            assert len(rulebook_previews.compute(redraft)) == 3
