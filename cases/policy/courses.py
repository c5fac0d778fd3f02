"""Courses: the clause that was broken in short, and questions about it, from files; and how answers are marked. Pure.

A course is data (`cases/courses/*.yaml`): one file per clause, in Chinese and English, with a version of its own. An
attempt keeps the version and the digest of the course it was taken in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.policy.place import Complaint, Complaints
from scoring.policy.plain_json import as_json
from scoring.policy.rulebook_resolve import digest
from scoring.policy.section import Section

QUESTIONS_MIN = 4
OPTIONS_MIN = 2
TEXT_MIN = 3  # paragraphs
REQUIRED = ("clause", "version", "pass_percent", "title", "text", "questions", "source")


class CourseErrors(Complaints):
    """A course was refused; `errors` says where and why, all at once."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the two languages of the product."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        """Return the text in a language; Chinese is the one for all others."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its options, those that are right, and why."""

    text: Text
    options: tuple[Text, ...]
    right: frozenset[int]
    because: Text

    @property
    def has_one_answer(self) -> bool:
        """Say whether just one option is right."""
        return len(self.right) == 1


@dataclass(frozen=True, slots=True)
class Course:
    """The course on one clause."""

    clause: str
    version: int
    digest: str
    title: Text
    text: tuple[Text, ...]
    questions: tuple[Question, ...]
    pass_percent: int
    source: Text

    @property
    def needed(self) -> int:
        """Return how many answers have to be right."""
        return -(-len(self.questions) * self.pass_percent // 100)


@dataclass(frozen=True, slots=True)
class Marked:
    """Answers held against a course."""

    correct: int
    needed: int
    wrong: tuple[int, ...]

    @property
    def passed(self) -> bool:
        """Say whether enough answers are right."""
        return self.correct >= self.needed


def mark(course: Course, answers: Sequence[frozenset[int]]) -> Marked:
    """Mark answers: for each question, in order, the numbers of the options chosen. Right is exactly the right set.

    Refuses (ValueError) another number of answers than questions, and options that are not there.
    """
    if len(answers) != len(course.questions):
        raise ValueError(f"{len(course.questions)} questions, {len(answers)} answers")
    for number, (question, chosen) in enumerate(zip(course.questions, answers, strict=True)):
        if not chosen <= frozenset(range(len(question.options))):
            raise ValueError(f"question {number} has no option {sorted(chosen)}")
    wrong = tuple(
        number
        for number, (question, chosen) in enumerate(zip(course.questions, answers, strict=True))
        if chosen != question.right
    )
    return Marked(len(course.questions) - len(wrong), course.needed, wrong)


def parse_course(data: Mapping[str, object]) -> Course:
    """Return the course of a file; refuses (`CourseErrors`, all at once, each with its place) what is not whole."""
    errors: list[Complaint] = []
    plain = as_json(data, errors)
    course = _read(Section.of(plain, "", errors), digest(plain))
    if errors:
        raise CourseErrors(errors)
    return course


def _read(section: Section, sha256: str) -> Course:
    section.know_only(REQUIRED)
    percent = section.whole("pass_percent")
    if not 50 <= percent <= 100:
        section.refuse("pass_percent", f"has to lie between 50 and 100, got {percent}")
    text = tuple(_text(part) for part in section.sections("text"))
    questions = tuple(_question(part) for part in section.sections("questions"))
    if len(text) < TEXT_MIN:
        section.refuse("text", f"has to have at least {TEXT_MIN} paragraphs")
    if len(questions) < QUESTIONS_MIN:
        section.refuse("questions", f"has to have at least {QUESTIONS_MIN} questions")
    return Course(
        clause=section.text("clause"),
        version=section.whole("version"),
        digest=sha256,
        title=_text(section.section("title")),
        text=text,
        questions=questions,
        pass_percent=percent,
        source=_text(section.section("source")),
    )


def _question(section: Section) -> Question:
    section.know_only(("zh", "en", "options", "because"))
    options = section.sections("options")
    if len(options) < OPTIONS_MIN:
        section.refuse("options", f"has to have at least {OPTIONS_MIN}")
    texts = []
    for option in options:
        option.know_only(("zh", "en"), ("right",))
        texts.append(Text(option.text("zh"), option.text("en")))
    right = frozenset(number for number, option in enumerate(options) if option.flag("right"))
    if not right or len(right) == len(options):
        section.refuse("options", "some, but not all, have to be right")
    if len({text.zh for text in texts}) < len(texts):
        section.refuse("options", "two say the same")
    return Question(
        Text(section.text("zh"), section.text("en")), tuple(texts), right, _text(section.section("because"))
    )


def _text(section: Section) -> Text:
    section.know_only(("zh", "en"))
    return Text(section.text("zh"), section.text("en"))
