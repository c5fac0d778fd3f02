"""The acts of the workspace: each takes its form, calls one service, and says what was done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.admin.workspace.forms import (
    AnswerForm,
    EvidenceForm,
    LinkForm,
    ReasonForm,
    RedactedForm,
    ServeForm,
    StatementForm,
)
from cases.admin.workspace.page import Workspace
from cases.models import Attribution, CaseFile
from cases.services import attributions, case_links, redactions
from cases.services import evidence as evidence_rows
from institutions import clock
from institutions.errors import Text
from institutions.models import User


@dataclass(frozen=True)
class Sent:
    """What an act works with: who sent what about which case, and the valid form."""

    request: HttpRequest
    case: CaseFile
    attribution: Attribution | None
    data: dict[str, Any]
    by: User
    now: datetime

    @property
    def whose(self) -> Attribution:
        """Return the attribution; not there (404) where the act names none of this case."""
        if self.attribution is None:
            raise Http404
        return self.attribution

    @property
    def chosen(self) -> list[str]:
        """Return the ids of the persons who were ticked."""
        return self.request.POST.getlist("chosen")


@dataclass(frozen=True)
class Act:
    """One act: its name on the page, its form, and what does it. `says` is what the officer reads afterwards."""

    label: Text
    form: type[forms.Form]
    do: Callable[[Sent], str]
    has_file: bool = False


def _propose(sent: Sent) -> str:
    seen = str(sent.request.POST.get("seen", ""))
    attributions.propose(attribution=sent.whose, seen=seen, by=sent.by, now=sent.now)
    return _("Proposed.")


def _propose_several(sent: Sent) -> str:
    seen = {key: str(sent.request.POST.get(f"seen-{key}", "")) for key in sent.chosen}
    done = attributions.propose_several(case=sent.case, seen=seen, by=sent.by, now=sent.now)
    return ngettext("%(count)d person proposed.", "%(count)d persons proposed.", len(done)) % {"count": len(done)}


def _serve_several(sent: Sent) -> str:
    done = attributions.serve_several(case=sent.case, chosen=sent.chosen, by=sent.by, now=sent.now, **sent.data)
    return ngettext(
        "The service on %(count)d person is recorded.", "The service on %(count)d persons is recorded.", len(done)
    ) % {"count": len(done)}


def _withdraw(sent: Sent) -> str:
    attributions.withdraw(attribution=sent.whose, reason=sent.data["reason"], by=sent.by, now=sent.now)
    return _("Withdrawn. It can be taken up again.")


def _resume(sent: Sent) -> str:
    attributions.resume(attribution=sent.whose, by=sent.by, now=sent.now)
    return _("It is a draft again.")


def _return(sent: Sent) -> str:
    attributions.return_for_changes(attribution=sent.whose, reason=sent.data["reason"], by=sent.by, now=sent.now)
    return _("Returned for changes. The person will be told anew.")


def _countersign(sent: Sent) -> str:
    attributions.countersign(attribution=sent.whose, reason=sent.data["reason"], by=sent.by, now=sent.now)
    return _("Countersigned.")


def _record_statement(sent: Sent) -> str:
    on: date = sent.data["received_on"]
    noon = datetime.combine(on, time(12), tzinfo=clock.SHANGHAI)
    attributions.record_statement(
        attribution=sent.whose, text=sent.data["text"], received_at=min(noon, sent.now), by=sent.by, now=sent.now
    )
    return _("The statement is on record. It is answered before the decision.")


def _answer_statement(sent: Sent) -> str:
    statement = sent.whose.statements.filter(pk=sent.data["statement"]).first()
    if statement is None:
        raise Http404
    attributions.answer_statement(statement=statement, answer=sent.data["answer"], by=sent.by, now=sent.now)
    return _("The statement is answered.")


def _link(sent: Sent) -> str:
    case_links.link_cases(
        first=sent.case, second=sent.data["other"], reason=sent.data["reason"], by=sent.by, now=sent.now
    )
    return _("The cases are linked: no act is scored twice among them.")


def _add_evidence(sent: Sent) -> str:
    files = [(str(file.name), file.read()) for file in sent.data["pieces"]]
    pieces = evidence_rows.add_files(case=sent.case, files=files, title=sent.data["title"], by=sent.by, now=sent.now)
    kept = ", ".join(f"{piece.key} {piece.title} (SHA-256 {piece.sha256[:12]}…)" for piece in pieces)
    return _("The evidence is kept: %(pieces)s") % {"pieces": kept}


def _redact(sent: Sent) -> str:
    piece = sent.case.evidence.filter(key=sent.request.POST.get("piece", "")).first()
    if piece is None:
        raise Http404
    file = sent.data["file"]
    redactions.add_redacted_copy(
        evidence=piece,
        file_name=file.name,
        content=file.read(),
        taken_out=sent.data["taken_out"],
        by=sent.by,
        now=sent.now,
    )
    return _("The redacted copy is kept.")


ACTS: dict[str, Act] = {
    "propose": Act(gettext_lazy("Propose"), forms.Form, _propose),
    "propose_several": Act(gettext_lazy("Propose those ticked"), forms.Form, _propose_several),
    "serve_several": Act(gettext_lazy("Record the service on those ticked"), ServeForm, _serve_several),
    "withdraw": Act(gettext_lazy("Withdraw"), ReasonForm, _withdraw),
    "resume": Act(gettext_lazy("Take up again"), forms.Form, _resume),
    "return": Act(gettext_lazy("Return for changes"), ReasonForm, _return),
    "countersign": Act(gettext_lazy("Countersign"), ReasonForm, _countersign),
    "record_statement": Act(gettext_lazy("Record a statement"), StatementForm, _record_statement),
    "answer_statement": Act(gettext_lazy("Answer a statement"), AnswerForm, _answer_statement),
    "link": Act(gettext_lazy("Link a case"), LinkForm, _link),
    "add_evidence": Act(gettext_lazy("Add evidence"), EvidenceForm, _add_evidence, has_file=True),
    "redact": Act(gettext_lazy("Add a redacted copy"), RedactedForm, _redact, has_file=True),
}


def form_of(name: str, request: HttpRequest, found: Workspace, visible: Any, *, is_sent: bool) -> forms.Form:  # noqa: ANN401
    """Return the form of an act, bound where it was sent."""
    act = ACTS[name]
    options: dict[str, Any] = {"prefix": name, "label_suffix": ""}
    if act.form is LinkForm:
        options |= {"case": found.case, "visible": visible}
    if act.form is ServeForm or act.form is StatementForm:
        day = "served_on" if act.form is ServeForm else "received_on"
        options["initial"] = {day: clock.local_date(found.now)}
    form = act.form(request.POST if is_sent else None, request.FILES if is_sent else None, **options)
    for shown in form.fields.values():
        if not isinstance(shown.widget, forms.HiddenInput):
            shown.widget.attrs.setdefault("class", "ws-input")
    return form
