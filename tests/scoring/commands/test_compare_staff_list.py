"""`manage.py compare_staff_list`: for whoever has a terminal."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from institutions.models import Institution
from tests.factories.award import post_award
from tests.factories.institution import InstitutionFactory
from tests.factories.practitioner import PractitionerFactory
from tests.factories.registration import RegistrationFactory
from tests.factories.user import hr_of
from tests.scoring.public_people import set_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Institution:
    set_today(date(2025, 7, 1))
    site: Institution = InstitutionFactory.create(code="H15042200091")
    person = PractitionerFactory.create(name="李晓梅", code="D150422000001")
    RegistrationFactory.create(practitioner=person, institution=site)
    post_award(person, 9, date(2025, 6, 10), institution=site)
    return site


def run(*arguments: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("compare_staff_list", *arguments, stdout=out)
    except SystemExit as left:
        return out.getvalue(), int(str(left.code))
    return out.getvalue(), 0


def test_text_json_and_table(hospital: Institution, tmp_path: Path) -> None:
    listed = tmp_path / "staff.csv"
    listed.write_text("code,name\nD150422000001,李晓梅\n", encoding="gb18030")
    table = tmp_path / "out.csv"
    text, code = run(str(listed), "--institution", "h15042200091", "--csv", str(table))
    assert code == 1
    assert "row 2: D150422000001 李晓梅: still listed (suspended until 2025-08-10)" in text
    assert "D150422000001" in table.read_text("utf-8-sig")
    facts = json.loads(run(str(listed), "--institution", "H15042200091", "--json")[0])
    assert facts["counts"]["still_listed"] == 1
    listed.write_text("code\nD150422999999\n")
    assert run(str(listed), "--institution", "H15042200091")[1] == 0


def test_what_is_refused(hospital: Institution, tmp_path: Path) -> None:
    listed = tmp_path / "staff.csv"
    for arguments, said in (
        (["--institution", "H0"], "no institution"),
        (["--institution", "H15042200091"], "No such file"),
        (["--institution", "H15042200091", "--by", "nobody"], "no active user"),
    ):
        with pytest.raises(CommandError, match=said):
            run(str(listed), *arguments)
    listed.write_text("code\n")
    stranger = hr_of(InstitutionFactory.create())
    with pytest.raises(CommandError):
        run(str(listed), "--institution", "H15042200091", "--by", stranger.username)
