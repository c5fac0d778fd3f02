"""What the forms behind a letter have in common: problems listed at the top and beside the field, files sent again."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.services.submissions import SentFile
from cases.views.person import uploads
from cases.views.person.doors import Visit
from cases.views.person.letter import frame
from institutions.errors import JifenError


@dataclass
class Sent:
    """What a form brought: texts by field, files, and what is wrong so far."""

    values: dict[str, str] = field(default_factory=dict)
    files: list[SentFile] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)

    def require(self, name: str, message: str) -> None:
        """Say what is missing where a field is empty."""
        if not self.values.get(name, "").strip():
            self.problems.append({"field": name, "message": message})

    def limit(self, name: str, length_max: int, message: str) -> None:
        """Say that a text is too long."""
        if len(self.values.get(name, "")) > length_max:
            self.problems.append({"field": name, "message": message})

    def refuse(self, refused: JifenError, name: str) -> None:
        """Put a refusal of the service beside a field."""
        self.problems.append({"field": name, "message": str(refused)})


def read(request: HttpRequest, *names: str, with_files: bool = True) -> Sent:
    """Read the named fields of a form, and its files."""
    files, problems = uploads.sent_files(request) if with_files else ([], [])
    values = {name: request.POST.get(name, "").replace("\r\n", "\n") for name in names}
    return Sent(values, files, problems)


def show(
    request: HttpRequest,
    visit: Visit,
    template: str,
    facts: dict[str, object],
    sent: Sent | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a form: empty, or with what was sent and what is wrong with it (422 unless told otherwise)."""
    problems = sent.problems if sent else []
    around = {
        "values": sent.values if sent else {},
        "problems": problems,
        "errors": {problem["field"]: problem["message"] for problem in reversed(problems)},
        "file_errors": [problem["message"] for problem in problems if problem["field"] == uploads.FIELD],
        "files_again": bool(sent and problems and (sent.files or request.FILES)),
        "limits": uploads.limits(),
    }
    return render(
        request, template, frame(visit) | around | facts, status=422 if problems and status == 200 else status
    )
