"""Courses are data: whole, in both languages, one per clause; answers are marked by the letter."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from cases.policy.courses import Course, CourseErrors, mark, parse_course
from cases.selectors.courses import SHIPPED, all_courses, course_for, load_courses
from scoring.policy.marked_yaml import FileProblems
from scoring.policy.rulebook_files import load_packs


def data(clause: str = "B1") -> dict[str, Any]:
    found = yaml.safe_load((SHIPPED / f"{clause}.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def right_answers(course: Course) -> list[frozenset[int]]:
    return [question.right for question in course.questions]


def test_every_clause_of_every_shipped_pack_has_its_course() -> None:
    clauses = {clause for pack in load_packs() for clause in pack.clauses}

    assert set(all_courses()) == clauses
    assert course_for("Z9") is None


@pytest.mark.parametrize("clause", sorted(all_courses()))
def test_a_course_can_be_passed_and_failed_and_is_whole_in_both_languages(clause: str) -> None:
    course = all_courses()[clause]
    right = right_answers(course)
    none = [frozenset[int]() for _question in course.questions]
    texts = [*course.text, course.title, course.source]
    for question in course.questions:
        texts += [question.text, question.because, *question.options]

    assert mark(course, right).passed
    assert not mark(course, none).passed
    assert all(text.said("zh-hans") and text.said("en") and text.zh != text.en for text in texts)
    assert not any(ord(letter) > 0x2E80 for text in texts for letter in text.en)  # no Chinese left in the English
    assert 4 <= len(course.questions) <= 10


def test_the_right_answer_is_not_always_in_the_same_place() -> None:
    firsts = [min(q.right) for course in all_courses().values() for q in course.questions if q.has_one_answer]

    assert max(firsts.count(place) for place in range(3)) < 0.6 * len(firsts)


def test_a_question_with_several_right_answers_needs_just_these() -> None:
    course = all_courses()["B1"]
    number = next(n for n, question in enumerate(course.questions) if not question.has_one_answer)
    right = right_answers(course)

    short = [*right]
    short[number] = frozenset(sorted(right[number])[:1])
    everything = [*right]
    everything[number] = frozenset(range(len(course.questions[number].options)))

    assert mark(course, short).wrong == (number,)
    assert mark(course, everything).wrong == (number,)


@pytest.mark.parametrize(("answers", "needed"), [(4, True), (3, False)])
def test_four_of_five_are_needed(answers: int, needed: bool) -> None:
    course = all_courses()["B1"]
    given = [right if n < answers else frozenset[int]() for n, right in enumerate(right_answers(course))]

    assert (len(course.questions), course.needed) == (5, 4)
    assert mark(course, given).passed is needed


def test_answers_that_do_not_fit_are_refused() -> None:
    course = all_courses()["B1"]

    with pytest.raises(ValueError, match="5 questions, 4 answers"):
        mark(course, right_answers(course)[:4])
    with pytest.raises(ValueError, match="has no option"):
        mark(course, [frozenset({9}), *right_answers(course)[1:]])


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("pass_percent", 40, "pass_percent: has to lie between 50 and 100"),
        ("version", 0, "version: has to be a whole number"),
        ("title", {"zh": "标题"}, "title.en: is missing"),
        ("questions", [], "at least 4 questions"),
        ("text", [], "at least 3 paragraphs"),
        ("extra", 1, "extra: unknown key"),
    ],
)
def test_a_course_that_is_not_whole_is_refused_with_the_place(place: str, value: object, said: str) -> None:
    with pytest.raises(CourseErrors, match=said):
        parse_course({**data(), place: value})


def test_a_question_without_a_right_option_or_with_two_alike_is_refused() -> None:
    none_right, alike = deepcopy(data()), deepcopy(data())
    for option in none_right["questions"][0]["options"]:
        option.pop("right", None)
    alike["questions"][1]["options"][1] = alike["questions"][1]["options"][0]

    with pytest.raises(CourseErrors, match=r"questions\.0\.options: some, but not all, have to be right"):
        parse_course(none_right)
    with pytest.raises(CourseErrors, match=r"questions\.1\.options: two say the same"):
        parse_course(alike)


def test_another_word_makes_another_digest() -> None:
    changed = deepcopy(data())
    changed["questions"][0]["zh"] += "?"

    assert parse_course(data()).digest == parse_course(data()).digest
    assert parse_course(changed).digest != parse_course(data()).digest


def test_a_folder_is_refused_with_file_and_line(tmp_path: Path) -> None:
    text = (SHIPPED / "B1.yaml").read_text(encoding="utf-8")
    (tmp_path / "B1.yaml").write_text(text.replace("pass_percent: 80", "pass_percent: 180"), encoding="utf-8")

    with pytest.raises(FileProblems, match=r"B1.yaml:3"):
        load_courses(tmp_path)


def test_a_file_is_named_after_its_clause(tmp_path: Path) -> None:
    (tmp_path / "A1.yaml").write_text((SHIPPED / "B1.yaml").read_text(encoding="utf-8"), encoding="utf-8")

    with pytest.raises(FileProblems, match="has to be A1, once"):
        load_courses(tmp_path)
