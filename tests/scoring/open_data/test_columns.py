"""The bytes of open data: the same rows, the same files; safe in a spreadsheet; read back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.open_data.columns import BYTE_ORDER_MARK, COLUMNS, Value, as_csv, as_ndjson, read_csv, read_ndjson

ROW: dict[str, Value] = {
    "row_id": "00ff",
    "masked_name": "耿某敏",
    "category": "physician",
    "institution_code": "H15042200001",
    "institution_name": "巴林左旗济仁中医医院",
    "region": "150422",
    "measure": "terminate",
    "from": "2025-06-11",
    "until": "2028-06-10",
    "year": 2025,
    "points": 12,
    "rulebook": "inner-mongolia/1",
    "display_until": None,
}
texts = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12)


def test_the_columns_are_those_promised_in_their_order():
    assert ",".join(COLUMNS) == (
        "row_id,masked_name,category,institution_code,institution_name,region,measure,from,until,year,points,rulebook,"
        "display_until"
    )


def test_csv_opens_in_a_spreadsheet_with_chinese_intact():
    data = as_csv(COLUMNS, [ROW])
    assert data.decode().startswith(BYTE_ORDER_MARK + "row_id,")
    assert data.decode().endswith("2025,12,inner-mongolia/1,\r\n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "'"])
def test_a_name_that_looks_like_a_formula_is_only_text(start):
    row = ROW | {"institution_name": f"{start}HYPERLINK(1)"}
    cell = as_csv(COLUMNS, [row]).decode().splitlines()[1].split(",")[4]
    assert cell.startswith("'")
    assert list(read_csv(as_csv(COLUMNS, [row]))) == [row]


def test_ndjson_is_one_object_a_line_with_plain_values():
    assert as_ndjson(COLUMNS, [ROW]).decode().startswith('{"row_id":"00ff","masked_name":"耿某敏"')
    assert list(read_ndjson(as_ndjson(COLUMNS, [ROW]))) == [ROW]


@given(
    st.lists(
        st.builds(
            lambda a, b, n: ROW | {"masked_name": a, "institution_name": b, "points": n},
            texts,
            texts | st.none(),
            st.integers(0, 99) | st.none(),
        ),
        max_size=5,
    )
)
def test_both_forms_are_read_back_as_they_were_written(rows):
    assert list(read_csv(as_csv(COLUMNS, rows))) == rows
    assert list(read_ndjson(as_ndjson(COLUMNS, rows))) == rows
