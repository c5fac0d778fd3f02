"""Codes are checked softly and never refused for their look."""

import pytest

from institutions.codes import (
    is_usual_institution_code,
    is_usual_practitioner_code,
    normalise_code,
    practitioner_scheme,
)


@pytest.mark.parametrize(
    ("code", "scheme"),
    [
        ("D150422000001", "physician"),
        ("N150902000001", "nurse"),
        ("HY150422000001", "pharmacist"),
        ("HJ150422000001", "technician"),
        ("D15042200001", "other"),
        ("X150422000001", "other"),
        ("H15042200001", "other"),
    ],
)
def test_a_practitioner_code_is_told_by_its_look(code, scheme):
    assert practitioner_scheme(code) == scheme
    assert is_usual_practitioner_code(code) is (scheme != "other")


@pytest.mark.parametrize(
    ("code", "usual"),
    [("H15042200001", True), ("P15042200001", True), ("D15042200001", False), ("H1504220001", False), ("", False)],
)
def test_an_institution_code_is_told_by_its_look(code, usual):
    assert is_usual_institution_code(code) is usual


def test_codes_are_compared_without_blanks_width_or_case():
    assert normalise_code(" d150422 000001") == "D150422000001"
