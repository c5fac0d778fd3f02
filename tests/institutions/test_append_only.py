"""Every model is declared: append-only, mutable with a history, guarded, or a projection; PostgreSQL, asked, agrees.

A change that adds a model adds it to one of the sets below, or this fails.
"""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from institutions.models import AppendOnlyModel, AuditEvent, JobOutcome, JobRun
from institutions.models.append_only import AppendOnly
from tests.factories.practitioner import PractitionerFactory

PRODUCT_APPS = ("institutions", "scoring", "cases")

APPEND_ONLY: dict[str, set[str]] = {
    "institutions": {"AuditEvent", "JobRun", "NoticeToken", "ServiceDesk", "RecordAccess"},
    "scoring": {
        "AccountEvent",
        "Consequence",
        "ConsequenceReversal",
        "MeasureEnd",
        "OpenDataChange",
        "PointsEntry",
        "StatusChange",
        "RulebookDraftOpening",
    },
    "cases": {
        "AnnulmentEffect",
        "AppealMessage",
        "CaseLink",
        "ConcernAnswer",
        "ConflictDeclaration",
        "Countersignature",
        "Evidence",
        "EvidenceAccess",
        "ExpertOpinion",
        "FileDeletion",
        "IssuedLetter",
        "PreviewOpening",
        "Proposal",
        "QuizAttempt",
        "RedactedCopy",
        "RedactedOpening",
        "Service",
        "ServiceReceipt",
        "SubmittedFile",
        "Tip",
        "TipOpening",
        "VariedLine",
    },
}
MUTABLE: dict[str, set[str]] = {
    "institutions": {
        "ApiClient",
        "ApiKey",
        "CalendarDay",
        "ClockPosition",
        "Delegation",
        "Delivery",
        "Institution",
        "Notice",
        "PilotRegion",
        "Practitioner",
        "PractitionerCode",
        "PractitionerMerge",
        "RecoveryCode",
        "Region",
        "Registration",
        "Role",
        "RoleAssignment",
        "SecondFactor",
        "User",
        "WorkClaim",
    },
    "scoring": {
        "InstitutionProposal",
        "OpenDataRelease",
        "OpenDataRow",
        "OwnStatement",
        "RulebookDraft",
        "RulebookVersion",
    },
    "cases": {
        "Annulment",
        "Appeal",
        "Attribution",
        "AttributionLine",
        "Basis",
        "CaseClosing",
        "CaseFile",
        "DataRequest",
        "DecisionHold",
        "ExpertAssessment",
        "Lead",
        "Finding",
        "LineEvidence",
        "RepairApplication",
        "ReregistrationApplication",
        "ScoredConduct",
        "Statement",
        "TypicalCase",
    },
}
# Rows of which triggers of their own let one column change once, which is history enough.
GUARDED: dict[str, dict[str, set[str]]] = {
    "institutions": {
        "LookupCount": {"no_delete", "only_grows"},
        "RosterImport": {"no_delete", "state_moves"},
        "RosterUpload": {"no_delete", "state_moves"},
    },
    "scoring": {"Measure": {"no_delete", "only_recorded_ends"}},
    "cases": {"CaseUpload": {"no_delete", "state_moves"}},
}
# Rendered or added up from the ledger, counts of a quarter of an hour, or sessions; can be thrown away.
PROJECTIONS: dict[str, set[str]] = {
    "institutions": {"AttemptCount", "LoginSession"},
    "scoring": {"PointsTotal", "PublishedPages", "RulebookEffect", "Scorecard"},
    "cases": {"ScoredCell"},
}
REGISTRIES = (APPEND_ONLY, MUTABLE, {app: set(models) for app, models in GUARDED.items()}, PROJECTIONS)


def product_models() -> list[type[models.Model]]:
    return [
        model for label in PRODUCT_APPS for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]


def is_history(model: type[models.Model]) -> bool:
    return hasattr(model, "pgh_tracked_model")


def declared(registry: dict[str, set[str]], model: type[models.Model]) -> bool:
    return model._meta.object_name in registry.get(model._meta.app_label, set())


def triggers_of(model: type[models.Model]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [model._meta.db_table],
        )
        return dict(cursor.fetchall())


@pytest.mark.parametrize("model", [m for m in product_models() if not is_history(m)], ids=lambda m: m._meta.label)
def test_every_model_is_declared_in_one_of_the_sets(model):
    if model._meta.auto_created:
        pytest.fail("Write a model of its own for the link, so that its history is kept.")
    assert sum(declared(registry, model) for registry in REGISTRIES) == 1


def test_every_declared_model_exists():
    names = {(model._meta.app_label, model._meta.object_name) for model in product_models()}
    assert {(app, name) for registry in REGISTRIES for app, known in registry.items() for name in known} <= names


@pytest.mark.django_db
@pytest.mark.parametrize(
    "model", [m for m in product_models() if declared(APPEND_ONLY, m)], ids=lambda m: m._meta.label
)
def test_an_append_only_model_has_its_trigger_in_the_database(model):
    assert issubclass(model, AppendOnlyModel)
    definition = " ".join(d for name, d in triggers_of(model).items() if name.startswith("pgtrigger_append_only"))
    assert "BEFORE" in definition
    assert "UPDATE" in definition
    assert "DELETE" in definition


@pytest.mark.django_db
@pytest.mark.parametrize("model", [m for m in product_models() if declared(MUTABLE, m)], ids=lambda m: m._meta.label)
def test_a_mutable_model_keeps_a_history_that_is_itself_append_only(model):
    names = triggers_of(model)
    for operation in ("insert", "update", "delete"):
        assert any(name.startswith(f"pgtrigger_{operation}_{operation}") for name in names), operation
    histories = [other for other in product_models() if getattr(other, "pgh_tracked_model", None) is model]
    assert len(histories) == 1
    assert any(name.startswith("pgtrigger_append_only") for name in triggers_of(histories[0]))


@pytest.mark.django_db
@pytest.mark.parametrize(("app", "name"), [(app, name) for app, guarded in GUARDED.items() for name in guarded])
def test_a_guarded_model_has_its_triggers_in_the_database(app, name):
    names = triggers_of(apps.get_model(app, name))
    for trigger in GUARDED[app][name]:
        assert any(found.startswith(f"pgtrigger_{trigger}_") for found in names), trigger


def an_event() -> AuditEvent:
    return AuditEvent.objects.create(action="test.done", subject_type="test", subject_id="1", at="2025-06-10T02:00Z")


def a_run() -> JobRun:
    return JobRun.objects.create(
        name="test", for_date="2025-06-10", outcome=JobOutcome.DONE, started_at="2025-06-10T02:00Z", duration_ms=1
    )


@pytest.mark.django_db
@pytest.mark.parametrize("make", [an_event, a_run])
def test_python_refuses_to_change_or_delete(make):
    row = make()
    for attempt in (row.save, row.delete, type(row).objects.all().delete, lambda: type(row).objects.update(id=0)):
        with pytest.raises(AppendOnly):
            attempt()
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("make", [an_event, a_run])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
def test_the_database_refuses_raw_sql_as_the_applications_role(make, sql):
    row = make()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("jifen_app",)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        connection.cursor().execute(sql.format(row._meta.db_table))
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.django_db
def test_the_applications_role_may_not_truncate():
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("TRUNCATE institutions_auditevent")


@pytest.mark.django_db
def test_an_update_by_raw_sql_leaves_a_history_row():
    person = PractitionerFactory(name="耿晓敏")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE institutions_practitioner SET name = '耿晓明' WHERE id = %s", [person.pk])
        cursor.execute(
            "SELECT pgh_label, name FROM institutions_practitionerevent WHERE id = %s ORDER BY pgh_id", [person.pk]
        )
        assert cursor.fetchall() == [("insert", "耿晓敏"), ("update", "耿晓明")]
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        connection.cursor().execute("UPDATE institutions_practitionerevent SET name = '别人'")


@pytest.mark.django_db
def test_an_update_that_changes_nothing_leaves_no_history_row():
    person = PractitionerFactory()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE institutions_practitioner SET name = name WHERE id = %s", [person.pk])
        cursor.execute("SELECT count(*) FROM institutions_practitionerevent WHERE id = %s", [person.pk])
        assert cursor.fetchone() == (1,)


def test_password_hashes_are_not_copied_into_history():
    history = next(model for model in product_models() if model._meta.object_name == "UserEvent")
    assert "password" not in {field.name for field in history._meta.fields}
