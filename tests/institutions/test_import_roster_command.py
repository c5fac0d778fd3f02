"""`manage.py import_roster`."""

import json

import pytest
from django.core.management import CommandError, call_command

from institutions.models import Registration
from tests.factories.user import UserFactory, officer

pytestmark = pytest.mark.django_db

ROSTER = """fixmedins_code,fixmedins_name,fixmedins_type,admdvs,prac_psn_code,prac_psn_name,category,begndate,foo
H15042200001,巴林左旗济仁中医医院,医院,150422,D150422000001,耿某敏,医师,2022-03-01,x
H15042200001,巴林左旗济仁中医医院,医院,150422,D150422000002,杜某鑫,大夫,2022-03-01,x
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "名册.csv"
    path.write_text(ROSTER, encoding="gb18030")
    return path


def test_the_report_is_printed_and_rejects_are_written(file, tmp_path, capsys):
    rejects = tmp_path / "rejects.csv"
    call_command("import_roster", file, "--rejects", rejects)
    printed = capsys.readouterr().out
    assert "created: 1" in printed
    assert "row 3, category “大夫”" in printed
    assert "columns left aside: foo" in printed
    assert "杜某鑫" in rejects.read_text(encoding="utf-8-sig")
    assert Registration.objects.count() == 1


def test_the_report_is_one_json_object(file, capsys):
    call_command("import_roster", file, "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["rows"], report["created"], report["rejected_rows"], report["encoding"]) == (2, 1, 1, "gb18030")
    (error,) = report["rejected"]
    assert (error["row"], error["column"], error["value"]) == (3, "category", "大夫")
    assert error["reason"]


def test_a_dry_run_writes_nothing(file, capsys):
    call_command("import_roster", file, "--dry-run")
    assert "nothing was written" in capsys.readouterr().out
    assert not Registration.objects.exists()


def test_an_import_in_an_officers_name_keeps_to_their_region(file, capsys):
    inspector = officer("inspector", region="43")
    call_command("import_roster", file, "--json", "--by", inspector.username)
    assert json.loads(capsys.readouterr().out)["created"] == 0


def test_what_cannot_be_done_is_refused(file, tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    with pytest.raises(CommandError, match=r"empty\.csv"):
        call_command("import_roster", empty)
    with pytest.raises(CommandError, match=r"nowhere\.csv"):
        call_command("import_roster", tmp_path / "nowhere.csv")
    with pytest.raises(CommandError, match="no active user"):
        call_command("import_roster", file, "--by", "nobody")
    with pytest.raises(CommandError):
        call_command("import_roster", file, "--by", UserFactory().username)
