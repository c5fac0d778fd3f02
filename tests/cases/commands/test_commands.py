"""`import_case` and `check_attributions`: exit codes and what they say."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.models import CaseFile
from cases.states import State
from tests.cases.case_document import case_data, folder_with_evidence
from tests.cases.case_table import case_row, table
from tests.factories.attribution import procedure

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = folder_with_evidence(tmp_path) / "case.json"
    path.write_bytes(case_data())
    return path


def run(*arguments, **options):
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


class TestImportTable:
    def test_good_cases_go_in_and_bad_rows_come_back_in_a_file(self, tmp_path):
        path, back = tmp_path / "cases.csv", tmp_path / "back.csv"
        path.write_bytes(table([case_row(1), case_row(2, clause="Z9")]))
        out = StringIO()
        with pytest.raises(SystemExit) as left:
            call_command("import_case", str(path), rejects=back, stdout=out)
        assert left.value.code == 1
        assert "2 rows; cases created: 1, unchanged: 0, refused: 1" in out.getvalue()
        assert "row 3, clause “Z9”: " in out.getvalue()
        assert CaseFile.objects.count() == 1
        back.write_text(back.read_text("utf-8-sig").replace("Z9", "B1"), encoding="utf-8")
        assert "cases created: 1, unchanged: 0, refused: 0" in run("import_case", str(back))

    def test_json_and_a_dry_run(self, tmp_path):
        path = tmp_path / "cases.CSV"
        path.write_bytes(table([case_row(1)]))
        answer = json.loads(run("import_case", str(path), json=True, dry_run=True))
        assert (answer["cases"][0]["created"], answer["cases"][0]["errors"]) == (1, [])
        assert "would be created: 1" in run("import_case", str(path), dry_run=True)
        assert not CaseFile.objects.exists()

    def test_a_table_that_cannot_be_read_and_a_file_that_is_not_there(self, tmp_path):
        path = tmp_path / "cases.csv"
        with pytest.raises(CommandError, match="No such file"):
            run("import_case", str(path))
        path.write_text("case_number\n1\n")
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("import_case", str(path), stdout=out)
        assert "refused, nothing was written" in out.getvalue()
        with pytest.raises(CommandError, match="goes with one table"):
            run("import_case", str(tmp_path / "a.yaml"), rejects=tmp_path / "b.csv")


class TestImportCase:
    def test_takes_in_a_file_and_says_so(self, file):
        assert "created" in run("import_case", str(file))
        assert "unchanged" in run("import_case", str(file))

    def test_json_for_machines(self, file):
        answer = json.loads(run("import_case", str(file), json=True))
        assert answer["cases"][0]["outcome"] == "created"
        assert answer["cases"][0]["id"] == str(CaseFile.objects.get().pk)

    def test_a_dry_run_writes_nothing(self, file):
        assert "would create" in run("import_case", str(file), dry_run=True)
        assert not CaseFile.objects.exists()

    def test_a_refused_file_exits_1_with_line_and_place(self, file):
        file.write_bytes(b"# one\n" + case_data("source", value="dream"))
        out = StringIO()
        with pytest.raises(SystemExit) as left:
            call_command("import_case", str(file), stdout=out)
        assert left.value.code == 1
        assert "line 2: case.source:" in out.getvalue()

    def test_an_unknown_file_or_officer_is_an_error(self, file):
        with pytest.raises(CommandError):
            run("import_case", str(file) + "x")
        with pytest.raises(CommandError):
            run("import_case", str(file), by="nobody")


class TestCheckAttributions:
    def test_agreement_exits_0(self, now):
        procedure(State.EFFECTIVE, now=now)
        assert "1 attributions agree" in run("check_attributions")

    def test_json(self, now):
        procedure(State.SET_ASIDE, now=now)
        assert json.loads(run("check_attributions", json=True)) == {"disagreements": []}


class TestVerifyEvidence:
    def test_untouched_evidence_exits_0(self, now):
        procedure(State.DRAFT, now=now)
        assert "1" in run("verify_evidence")

    def test_a_changed_byte_exits_1_and_names_the_case(self, now, media):
        case = procedure(State.DRAFT, now=now).attribution.case
        stored = media / str(case.evidence.get().file)
        stored.chmod(0o600)
        stored.write_bytes(b"x")
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("verify_evidence", stdout=out)
        assert case.number in out.getvalue()
