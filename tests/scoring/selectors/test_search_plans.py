"""The queries that the public search makes go by their indexes, on a table where reading it through would show."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.selectors import search
from tests.scoring.public_people import HOSPITAL, people

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 20_000
FILL = """
INSERT INTO institutions_practitioner
  (id, slug, name, category, pinyin, initials, is_provisional, created_at, profile_changed_at)
SELECT gen_random_uuid(), 'x' || translate(lpad(number::text, 15, '0'), '0123456789', 'abcdefghij'),
       chr(19968 + number %% 300) || chr(20500 + number %% 4001) || chr(21500 + number %% 2003), 'physician',
       'a' || md5(number::text), substr(md5(number::text), 1, 3), false, now(), now()
FROM generate_series(1, %s) AS number
"""
# What is typed, and the indexes that may answer it: each is asked exactly, by its beginning, and as letters.
TYPED = {
    "耿晓敏": {"practitioner_by_name"},
    "耿晓": {"practitioner_by_name"},
    "gengxiaomin": {"practitioner_by_name", "practitioner_by_pinyin", "practitioner_by_initials"},
    "gengx": {"practitioner_by_name", "practitioner_by_pinyin", "practitioner_by_initials"},
    "gxm": {"practitioner_by_name", "practitioner_by_pinyin", "practitioner_by_initials"},
}


@pytest.fixture
def crowd(superuser_cursor):
    """A crowd that PostgreSQL has counted: what it remembers of an earlier test would let it choose as it likes."""
    people()
    with connection.cursor() as cursor:
        cursor.execute(FILL, [CROWD])
    superuser_cursor.execute("ANALYZE institutions_practitioner")


@pytest.mark.usefixtures("crowd")
def test_each_kind_of_search_goes_by_its_index_and_never_reads_everybody():
    for typed, indexes in TYPED.items():
        question = search.Question(name=typed, institution=HOSPITAL)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = search.find(question, on=date(2025, 6, 12))
        assert [candidate.name for candidate in found.candidates][:1] in (["耿晓敏"], ["耿某敏"]), typed
        by_name = [q["sql"] for q in asked if re.search(r"WHERE .*\.\"(name|pinyin|initials)\" ", q["sql"])]
        plans = [_plan(sql) for sql in by_name if 'FROM "institutions_practitioner"' in sql]
        assert len(plans) >= len(search._ways_to_fit(typed))
        assert {index for plan in plans for index in re.findall(r"practitioner_by_\w+", plan)} == indexes, typed
        for plan in [*plans, *(_plan(q["sql"]) for q in asked if q["sql"].startswith("SELECT"))]:
            assert "Seq Scan on institutions_practitioner" not in plan, plan


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (COSTS OFF) " + sql.replace("%", "%%"))
        return "\n".join(line for (line,) in cursor.fetchall())
