"""Which files PostgreSQL may read itself, and what it is given of them."""

import pytest

from institutions.roster.lines import NotPlain, plain_lines
from institutions.roster.reading import file_facts, read_sheet

HEADINGS = "fixmedins_code,prac_psn_code,prac_psn_name,category,begndate"
ROW = "H15042200001,D150422000001,耿晓敏,physician,2022-03-01"
WITH_ID = HEADINGS + ",certno"


def lines_of(data: bytes) -> tuple[bytes, int]:
    sheet = read_sheet(data)
    blocks = list(plain_lines(data, file_facts(data), sheet))
    return b"".join(block.data for block in blocks), sum(block.count for block in blocks)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_lines_come_in_utf_8_without_headings(newline, encoding, end):
    data = (newline.join([HEADINGS, ROW, ROW]) + end.replace("\n", newline)).encode(encoding)
    assert lines_of(data) == (f"{ROW}\n{ROW}\n".encode(), 2)


def test_a_file_of_headings_has_no_lines():
    assert lines_of(HEADINGS.encode()) == (b"", 0)


def test_long_files_are_cut_at_line_ends(monkeypatch):
    monkeypatch.setattr("institutions.roster.lines.BLOCK", 200)
    data = "\n".join([HEADINGS, *[ROW] * 50]).encode()
    assert lines_of(data) == ((ROW + "\n").encode() * 50, 50)


@pytest.mark.parametrize(
    "text",
    [
        f'{HEADINGS}\n{ROW.replace("耿晓敏", "“耿,晓敏”")}"\n',
        f"{HEADINGS}\r{ROW}\r",
        f"{HEADINGS}\n{ROW}\r{ROW}\n",
        f"{WITH_ID}\n{ROW},\n{ROW},11010119900101123X\n",
        f"{WITH_ID}\n{ROW},\n{ROW}\n",
        f"{WITH_ID}\n{ROW},,11010119900101123X\n",
    ],
    ids=["quotes", "old line ends", "an old line end", "an identity number", "a cell too few", "a cell too many"],
)
def test_what_is_not_plain_or_holds_an_identity_number_is_not_given(text):
    with pytest.raises(NotPlain):
        lines_of(text.encode())


def test_a_blank_column_of_identity_numbers_may_pass():
    assert lines_of(f"{WITH_ID}\n{ROW},\n".encode()) == (f"{ROW},\n".encode(), 1)
