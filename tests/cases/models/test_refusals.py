"""What PostgreSQL itself refuses, from raw SQL as the application's role, each time naming the rule."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from cases import states
from cases.models import Attribution, Proposal
from cases.services import attributions
from cases.states import State
from institutions.clock import local_date
from tests.factories.attribution import AttributionFactory, officers, procedure
from tests.factories.case_file import CaseFileFactory, FindingFactory
from tests.factories.evidence import EvidenceFactory
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory

pytestmark = pytest.mark.django_db


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@contextmanager
def refused(*rules):
    """The database refuses and names the rule (one of them, where several apply)."""
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        yield
    assert any(rule in str(error.value) for rule in rules), error.value


def update(attribution, **columns):
    pairs = ", ".join(f'"{name}" = %s' for name in columns)
    sql(f"UPDATE cases_attribution SET {pairs} WHERE id = %s", *columns.values(), attribution.pk)  # noqa: S608


def test_the_tests_run_as_the_application():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("jifen_app",)


class TestTwoOfficers:
    def test_the_proposer_does_not_decide(self, now):
        walk = procedure(State.INTENT_SERVED, now=now).wait()
        other = walk.team.approver
        with refused("two_officers_proposer_is_not_decider"):
            update(
                walk.attribution,
                proposed_by_id=other.pk,
                state="decided",
                decision="decided",
                decision_reasons="x",
                decided_at=walk.now,
                decided_by_id=other.pk,
            )

    def test_nor_does_anybody_who_proposed_an_earlier_version(self, now):
        walk = procedure(State.INTENT_SERVED, now=now).wait()
        with refused("proposers_never_decide"):
            update(
                walk.attribution,
                proposed_by_id=walk.team.approver.pk,
                state="decided",
                decision="decided",
                decision_reasons="x",
                decided_at=walk.now,
                decided_by_id=walk.team.inspector.pk,
            )

    def test_nor_countersigns(self, now):
        walk = procedure(State.PROPOSED, now=now)
        with refused("proposers_never_countersign"):
            sql(
                "INSERT INTO cases_countersignature (proposal_id, reason, concerns, signed_by_id, signed_at) "
                "VALUES (%s, 'x', '[]', %s, %s)",
                Proposal.objects.get().pk,
                walk.team.inspector.pk,
                now,
            )


class TestHearing:
    def decide(self, walk, at):
        update(
            walk.attribution,
            state="decided",
            decision="decided",
            decision_reasons="x",
            decided_at=at,
            decided_by_id=walk.team.approver.pk,
        )

    def test_no_decision_before_the_window_ended(self, now):
        walk = procedure(State.INTENT_SERVED, now=now).wait()
        with refused("decision_waits_for_the_statement"):
            self.decide(walk, walk.now - timedelta(days=1))
        self.decide(walk, walk.now)

    def test_no_decision_over_an_unanswered_statement(self, now):
        walk = procedure(State.INTENT_SERVED, now=now).wait()
        attributions.record_statement(
            attribution=walk.attribution, text="异议。", received_at=walk.now, by=walk.team.inspector, now=walk.now
        )
        with refused("decision_waits_for_the_statement"):
            self.decide(walk, walk.now)

    def test_no_window_without_the_record_of_its_service(self, now):
        walk = procedure(State.PROPOSED, now=now)
        with refused("every_intent_opens_a_new_window"):
            update(
                walk.attribution,
                state="intent_served",
                window=1,
                intent_served_on=date(2025, 6, 10),
                statement_deadline_on=date(2025, 6, 11),
            )

    def test_a_deadline_is_never_shortened(self, now):
        walk = procedure(State.INTENT_SERVED, now=now)
        with refused("deadline_is_never_shortened"):
            update(walk.attribution, statement_deadline_on=date(2025, 6, 16))

    def test_a_statement_is_never_edited(self, now):
        walk = procedure(State.INTENT_SERVED, now=now)
        attributions.record_statement(
            attribution=walk.attribution, text="异议。", received_at=now, by=walk.team.inspector, now=now
        )
        with refused("statement_stays_as_received"):
            sql("UPDATE cases_statement SET text = '无异议'")
        with refused("statement_is_kept"):
            sql("DELETE FROM cases_statement")


class TestEffect:
    def test_no_effect_before_service(self, now):
        """Straight from decided to effective is not in the table; and served without service is refused too."""
        walk = procedure(State.DECIDED, now=now)
        with refused("attribution_moves_by_the_table"):
            update(walk.attribution, state="effective")
        with refused("service_is_on_record"):
            update(walk.attribution, state="served", served_on=local_date(walk.now), service_proof="x")

    def test_no_state_of_service_without_its_day(self, now):
        walk = procedure(State.SERVED, now=now)
        with refused("what_was_served_stays"):
            update(walk.attribution, served_on=None, service_proof="")

    def test_no_effect_without_an_entry_in_the_ledger(self, now):
        walk = procedure(State.SERVED, now=now)
        with refused("effect_is_an_entry_in_the_ledger"):
            update(walk.attribution, state="effective")

    def test_no_effect_by_the_entry_of_another_person(self, now):
        walk = procedure(State.SERVED, now=now)
        other = procedure(State.EFFECTIVE, now=now).entry
        with refused("entry_is_the_persons_own_award"):
            update(walk.attribution, state="effective", effective_at=now, entry_id=other.pk)

    def test_service_does_not_precede_the_decision(self, now):
        walk = procedure(State.DECIDED, now=now)
        day = local_date(walk.now) - timedelta(days=1)
        sql(
            'INSERT INTO cases_service (attribution_id, kind, "window", method, "on", proof, witness, recorded_at) '
            "VALUES (%s, 'decision', 1, 'post', %s, 'x', '', %s)",
            walk.attribution.pk,
            day,
            now,
        )
        with refused("service_follows_the_decision"):
            update(walk.attribution, state="served", served_on=day, service_proof="x")

    def test_entry_and_attribution_hold_each_other(self, now):
        walk = procedure(State.EFFECTIVE, now=now)
        with refused("what_was_served_stays"):
            update(walk.attribution, entry_id=None, effective_at=None, state="set_aside")


class TestNoBasisNoPoints:
    def test_a_case_without_basis_is_refused(self):
        institution = InstitutionFactory()
        with refused("no_basis_no_points"):
            sql(
                "INSERT INTO cases_casefile (id, number, region_id, source, institution_id, conduct_scope, "
                "content_digest, opened_at) VALUES (uuidv7(), 'x', %s, 'tip_off', %s, uuidv7(), '', now())",
                institution.region_id,
                institution.pk,
            )

    def test_a_basis_without_document_is_refused(self):
        institution = InstitutionFactory()
        with refused("no_basis_without_document_and_authority"):
            sql(
                "INSERT INTO cases_basis (id, institution_id, kind, document, authority, decided_on, articles, "
                "annulled_reason, is_withdrawn) "
                "VALUES (uuidv7(), %s, 'circular', ' ', 'x', '2025-06-10', '{}', '', false)",
                institution.pk,
            )

    def test_a_basis_of_another_institution_is_refused(self):
        with refused("basis_is_of_the_same_institution"):
            CaseFileFactory(basis__institution=InstitutionFactory())

    def test_one_case_per_institution_and_basis(self):
        case = CaseFileFactory()
        with refused("one_case_per_institution_and_basis"):
            CaseFileFactory(
                institution=case.institution,
                basis__document=case.basis.document,
                basis__institution=case.institution,
            )

    def test_an_annulled_basis_carries_nothing_further(self, now):
        walk = procedure(State.DRAFT, now=now)
        sql(
            "UPDATE cases_basis SET annulled_on = '2025-06-11', annulled_reason = 'x', annulled_by_id = %s",
            walk.team.approver.pk,
        )
        with refused("annulled_basis_carries_no_points"):
            update(walk.attribution, state="proposed", proposed_by_id=walk.team.inspector.pk, proposed_at=now)

    def test_an_annulment_is_whole_and_never_taken_back(self, now):
        team = officers()
        CaseFileFactory()
        with refused("annulment_has_day_officer_and_reason"):
            sql("UPDATE cases_basis SET annulled_on = '2025-06-11'")
        sql(
            "UPDATE cases_basis SET annulled_on = '2025-06-11', annulled_reason = 'x', annulled_by_id = %s",
            team.approver.pk,
        )
        with refused("basis_is_not_edited"):
            sql("UPDATE cases_basis SET annulled_on = NULL, annulled_reason = '', annulled_by_id = NULL")

    @pytest.mark.parametrize("change", ["document = 'y'", "decided_on = '2025-01-01'", "articles = '{40}'"])
    def test_a_basis_is_never_edited(self, change):
        CaseFileFactory()
        with refused("basis_is_not_edited"):
            sql(f"UPDATE cases_basis SET {change}")  # noqa: S608


class TestProposal:
    def test_no_proposal_without_evidence(self, now):
        it = AttributionFactory(line__evidence=False)
        with refused("proposal_needs_lines_and_evidence"):
            update(it, state="proposed", proposed_by_id=officers().inspector.pk, proposed_at=now)

    def test_no_proposal_without_a_proposer(self):
        with refused("proposed_state_has_a_proposer"):
            update(AttributionFactory(), state="proposed")

    def test_reasoning_of_nineteen_characters_is_refused(self):
        """F10."""
        with refused("line_reasoning_is_written_out"):
            AttributionFactory(line__reasoning="违" * 19 + "   ")

    def test_a_line_without_points_is_refused(self):
        with refused("line_has_points"):
            AttributionFactory(line__points=0)

    def test_findings_and_evidence_of_another_case_are_refused(self):
        with refused("finding_is_of_the_same_case"):
            AttributionFactory(line__finding=FindingFactory())
        it = AttributionFactory()
        with refused("evidence_is_of_the_same_case"):
            sql(
                "INSERT INTO cases_lineevidence (line_id, evidence_id) VALUES (%s, %s)",
                it.lines.get().pk,
                EvidenceFactory().pk,
            )

    def test_after_the_intent_lines_are_only_softened(self, now):
        procedure(State.INTENT_SERVED, now=now)
        for change in ("points = 12", "degree = 'principal'", "clause = 'D3'"):
            with refused("lines_are_only_softened_after_the_intent"):
                sql(f"UPDATE cases_attributionline SET {change}")  # noqa: S608
        sql("UPDATE cases_attributionline SET points = 9")

    def test_once_decided_nothing_of_it_changes(self, now):
        walk = procedure(State.DECIDED, now=now)
        with refused("lines_are_only_softened_after_the_intent"):
            sql("UPDATE cases_attributionline SET points = 1")
        with refused("lines_stay_once_decided"):
            sql("DELETE FROM cases_attributionline")
        with refused("evidence_stays_once_decided"):
            sql("DELETE FROM cases_lineevidence")
        with refused("finding_stands_once_proposed"):
            sql("UPDATE cases_finding SET conduct = 'x'")
        for column, value in (("months", 1), ("decision_reasons", "y"), ("decided_by_id", officers().approver.pk)):
            with refused("what_was_decided_stays"):
                update(walk.attribution, **{column: value})


class TestStates:
    def test_an_attribution_begins_as_a_draft(self):
        case, person = CaseFileFactory(), PractitionerFactory()
        with refused("attribution_begins_as_a_draft"):
            Attribution.objects.bulk_create([Attribution(case=case, practitioner=person, state="proposed")])

    @pytest.mark.parametrize("state", list(State))
    def test_every_move_outside_the_table_is_refused(self, state, now):
        it = procedure(state, now=now).attribution
        admitted = {new for old, new in states.moves() if old is state}
        for target in set(State) - admitted - {state}:
            with refused("attribution_moves_by_the_table", "annulled_basis_carries_no_points"):
                update(it, state=target.value)

    def test_one_attribution_per_person_and_case(self):
        it = AttributionFactory()
        with refused("one_attribution_per_person_and_case"):
            AttributionFactory(case=it.case, practitioner=it.practitioner)

    def test_nothing_is_deleted(self, now):
        procedure(State.PROPOSED, now=now)
        for table, rule in (
            ("cases_attribution", "attribution_is_kept"),
            ("cases_casefile", "case_is_kept"),
            ("cases_basis", "basis_is_kept"),
        ):
            with refused(rule):
                sql(f"DELETE FROM {table}")  # noqa: S608

    def test_setting_aside_has_officer_instant_and_reason(self):
        with refused("setting_aside_has_officer_instant_and_reason"):
            update(AttributionFactory(), state="set_aside")


@pytest.mark.parametrize(
    "table",
    [
        "cases_evidence",
        "cases_evidenceaccess",
        "cases_service",
        "cases_servicereceipt",
        "cases_issuedletter",
        "cases_proposal",
        "cases_countersignature",
        "cases_caselink",
    ],
)
def test_what_is_only_added_has_its_trigger(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s",
            [table, "%append_only%"],
        )
        assert cursor.fetchone() == (1,)


def test_evidence_and_proposals_are_never_changed(now):
    procedure(State.PROPOSED, now=now)
    for table, column in (("cases_evidence", "sha256"), ("cases_proposal", "points")):
        with refused("Cannot update"):
            sql(f"UPDATE {table} SET {column} = {column}")  # noqa: S608
        with refused("Cannot"):
            sql(f"DELETE FROM {table}")  # noqa: S608


def test_one_act_is_scored_once_among_linked_cases(now):
    """F07: the second posting for the same person, group of cases and act is refused by a unique constraint."""
    walk = procedure(State.DECIDED, now=now)
    case = walk.attribution.case
    other = AttributionFactory(practitioner=walk.attribution.practitioner)
    sql("UPDATE cases_casefile SET conduct_scope = %s WHERE id = %s", case.conduct_scope, other.case_id)
    with refused("same_conduct_is_scored_once"):
        sql(
            "INSERT INTO cases_scoredconduct (practitioner_id, scope, conduct, attribution_id, claimed_at, "
            "override_reason) VALUES (%s, uuidv7(), 'forged-records', %s, now(), '')",
            other.practitioner_id,
            other.pk,
        )
