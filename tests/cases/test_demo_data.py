"""The case files that ship: each goes in, and says what was published."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.models import Attribution, CaseFile
from cases.services import case_import
from cases.services.case_import import Outcome

pytestmark = pytest.mark.django_db
AFTER_ALL_DECISIONS = datetime(2025, 8, 1, 2, 0, tzinfo=UTC)
FOLDER = Path(__file__).parents[2] / "cases" / "demo_data"


@pytest.mark.parametrize(
    ("name", "points", "months"),
    [
        ("chifeng", [10, 10, 12, 12, 12, 12, 12, 12], [4, 4]),
        ("ulanqab", [4, 5, 6], []),
        ("dongan", [7], []),
    ],
)
def test_a_published_case_goes_in_and_a_second_time_changes_nothing(name, points, months):
    file = FOLDER / f"{name}.yaml"
    for outcome in (Outcome.CREATED, Outcome.UNCHANGED):
        done = case_import.import_case(data=file.read_bytes(), base_dir=file.parent, by=None, now=AFTER_ALL_DECISIONS)
        assert done.outcome is outcome
    drafts = Attribution.objects.filter(case=CaseFile.objects.get())
    assert sorted(draft.lines.get().points for draft in drafts) == points
    assert [draft.months for draft in drafts if draft.months] == months
    assert all(draft.lines.get().evidence.exists() for draft in drafts)


def test_dongan_brings_the_reason_for_the_second_officer():
    file = FOLDER / "dongan.yaml"
    case_import.import_case(data=file.read_bytes(), base_dir=file.parent, by=None, now=AFTER_ALL_DECISIONS)
    assert Attribution.objects.get().countersign_reason == "按当地负面清单记分,超出建议区间。"
