"""Counting the queries of a page as they are in production, where no clock is moved."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def at_most(number: int) -> Iterator[None]:
    """Fail where the block asks the database more often. The moved clock of the tests is a row; real time is none."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured.captured_queries if "institutions_clockposition" not in query["sql"]]
    assert len(asked) <= number, f"{len(asked)} queries:\n" + "\n".join(sql[:300] for sql in asked)
