"""`/n/{number}/facts`: the facts a decision rests on, and the evidence the person may see."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cases.selectors import persons
from cases.selectors.assessments import rulebook_in_force
from cases.services import evidence as evidence_rows
from cases.services import redactions
from cases.views.person.doors import Visit, behind_letter
from cases.views.person.letter import frame, is_english


@require_safe
@behind_letter
def facts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show each finding with clause, degree, points and reasoning, the basis, and the evidence."""
    attribution = visit.attribution
    if attribution is None:
        raise Http404
    rulebook = rulebook_in_force(attribution.case, attribution.served_on or visit.today)
    clauses = {code: _title(clause.title, clause.title_en) for code, clause in rulebook.clauses.items()}
    shown = {
        "facts": [(fact, clauses.get(fact.clause, "")) for fact in persons.facts_of(attribution)],
        "basis": attribution.case.basis,
        "case": attribution.case,
        "pieces": persons.evidence_of(attribution),
        "rulebook": rulebook,
        "rulebook_title": _title(rulebook.title, rulebook.title_en),
        "reasons": attribution.decision_reasons if persons.may_read_decision(attribution, visit.notice) else "",
    }
    return render(request, "person/facts.html", frame(visit) | shown)


@require_safe
@behind_letter
def evidence(request: HttpRequest, visit: Visit, copy_id: UUID) -> HttpResponse:
    """Hand out a redacted copy of evidence on which the decision rests; the opening is written down."""
    copy = persons.copy_for(visit.attribution, copy_id) if visit.attribution else None
    if copy is None:
        raise Http404
    content = redactions.open_by_person(copy=copy, notice=visit.notice, now=visit.now)
    if content is None:
        refused = evidence_rows.hash_mismatch(copy.evidence)
        return render(request, "person/damaged.html", frame(visit) | {"refused": refused}, status=refused.status)
    response = HttpResponse(content, content_type=copy.content_type)
    response["Content-Disposition"] = content_disposition_header(True, copy.file_name) or "attachment"
    return response


def _title(chinese: str, english: str) -> str:
    return english if is_english() and english else chinese
