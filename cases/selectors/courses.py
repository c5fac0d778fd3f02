"""The courses that come with the product, one per clause, read and checked once per process."""

from functools import cache
from pathlib import Path

from cases.policy.courses import Course, CourseErrors, parse_course
from scoring.policy.marked_yaml import FileProblem, FileProblems, read_documents

SHIPPED = Path(__file__).resolve().parent.parent / "courses"


def course_for(clause: str) -> Course | None:
    """Return the course on a clause, or None where there is none."""
    return all_courses().get(clause)


@cache
def all_courses() -> dict[str, Course]:
    """Return the shipped courses by clause, in the order of clauses."""
    return load_courses(SHIPPED)


def load_courses(folder: Path) -> dict[str, Course]:
    """Return the courses of a folder by clause; refuses (`FileProblems`) what is not whole, with file and line."""
    courses: dict[str, Course] = {}
    problems: list[FileProblem] = []
    for path in sorted(folder.glob("*.yaml")):
        for document in read_documents(path):
            try:
                if not isinstance(document.value, dict):
                    raise FileProblems([document.problem("", "has to be a mapping, the course")])
                course = parse_course(document.value)
            except CourseErrors as refused:
                problems += [document.problem(error.path, error.reason) for error in refused.errors]
                continue
            if course.clause != path.stem or course.clause in courses:
                problems.append(document.problem("clause", f"has to be {path.stem}, once, as the file is named"))
            courses[course.clause] = course
    if problems:
        raise FileProblems(problems)
    return courses
