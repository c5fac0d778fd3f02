"""The circumstances that come with the product, read and checked once per process."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from cases.policy.factors import FactorErrors, FactorRules, parse_factors
from scoring.policy.marked_yaml import FileProblems, read_documents

SHIPPED = Path(__file__).resolve().parent.parent / "factors.yaml"


@cache
def factor_rules() -> FactorRules:
    """Return the rules of the shipped list by code, in the order in which they are shown."""
    return load_factors(SHIPPED)


def load_factors(path: Path) -> FactorRules:
    """Return the rules of a file; refuses (`FileProblems`) what is not whole, with file and line."""
    (document,) = read_documents(path)
    if not isinstance(document.value, Mapping):
        raise FileProblems([document.problem("", "has to be a mapping, the circumstances")])
    try:
        return parse_factors(document.value)
    except FactorErrors as refused:
        raise FileProblems([document.problem(error.path, error.reason) for error in refused.errors]) from refused
