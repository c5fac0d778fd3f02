"""People named by a case before they are on the roster."""

import pytest

from institutions.errors import Forbidden, Invalid
from institutions.models import AuditEvent, Category, CodeSource, Practitioner
from institutions.services import audit, practitioners
from institutions.services.practitioners import CodeTaken
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


def create(now, **changes):
    values = {
        "name": "单晓敏",
        "category": Category.NURSE,
        "institution": InstitutionFactory(),
        "code": "N150422000001",
        "by": None,
    } | changes
    return practitioners.create_provisional(now=now, **values)


def test_a_provisional_person_is_read_coded_and_recorded(now):
    inspector = officer("inspector", region="15")
    person = create(now, by=inspector, code=" n150422000001")
    kept = Practitioner.objects.get(pk=person.pk)
    assert kept.is_provisional
    assert (kept.pinyin, kept.initials) == ("shanxiaomin", "sxm")
    code = kept.codes.get()
    assert (code.code, code.source, code.flagged, code.primary) == (
        "N150422000001",
        CodeSource.CASE_FILE,
        False,
        True,
    )
    event = AuditEvent.objects.get(action="practitioner.created_provisionally")
    assert (event.by, event.subject_id) == (inspector, str(person.pk))


def test_an_unusual_code_is_kept_and_flagged(now):
    assert create(now, code="某地 88").codes.get().flagged


def test_two_calls_of_one_name_make_two_people(now):
    assert create(now, code=None).pk != create(now, code="").pk


def test_a_code_that_somebody_has_is_refused(now):
    PractitionerFactory(code="N150422000001")
    with pytest.raises(CodeTaken):
        create(now)
    assert Practitioner.objects.count() == 1


@pytest.mark.parametrize("changes", [{"name": "  "}, {"category": "patient"}])
def test_nonsense_is_refused(now, changes):
    with pytest.raises(Invalid):
        create(now, **changes)


def test_an_officer_of_another_region_is_refused(now):
    for stranger in (officer("inspector", region="43"), officer("approver", region="15")):
        with pytest.raises(Forbidden):
            create(now, by=stranger)
    assert not Practitioner.objects.exists()


def test_nothing_is_made_when_the_record_of_it_fails(now, monkeypatch):
    def fail(**facts):
        raise RuntimeError

    monkeypatch.setattr(audit, "record_event", fail)
    with pytest.raises(RuntimeError):
        create(now)
    assert not Practitioner.objects.exists()
