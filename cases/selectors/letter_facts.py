"""The facts that letters about an attribution carry (M2); `scoring.policy.letter_check` says how they are checked."""

from datetime import datetime

from django.utils.translation import gettext as _

from cases.models import Attribution
from cases.selectors.assessments import assess_attribution, plain_lines, scored_on
from institutions.clock import local_date
from institutions.letters.typesetting import Attachment
from institutions.models import Notice
from scoring.policy.awarding import Line
from scoring.policy.events import Award
from scoring.policy.letter_facts import FORMAT, Facts
from scoring.selectors.accounts import load_account
from scoring.selectors.letter_facts import facts_of_entry, facts_of_intended, file_of, intend


def facts_of(attribution: Attribution, *, now: datetime) -> Facts:
    """Return the facts of a decision: as posted once it is in effect, else as it would be if it were served today.

    Complete but for the rulebooks in full, which `scoring.selectors.letter_facts.file_of` adds. A letter keeps them in
    its payload, under ``facts``.
    """
    basis = attribution.case.basis
    if attribution.entry is not None:
        return facts_of_entry(attribution.entry, basis_decided_on=basis.decided_on)
    on = local_date(now)
    assessed = assess_attribution(attribution, on=on)
    lines = plain_lines(attribution)
    before = load_account(attribution.practitioner, known_at=now).events
    award = Award(
        ref=attribution.source_key,
        seq=max((event.seq for event in before), default=0) + 1,
        on=on,
        points=assessed.assessment.points,
        scored_on=scored_on(attribution.case, assessed.rulebook, on),
        rulebook=assessed.rulebook,
        single_points=assessed.assessment.single_points,
        months=attribution.months,
        articles=frozenset(basis.articles),
        record=str(attribution.practitioner_id) if any(event.record for event in before) else "",
    )
    intended = intend(
        award,
        case_reference=attribution.case.number,
        region=attribution.case.institution.region_id,
        lines=[Line(x.conduct, x.points, x.from_on, x.to_on, str(n)) for n, x in enumerate(lines)],
        clauses=[(line.clause, str(line.degree)) for line in lines],
        before=before,
    )
    return facts_of_intended(intended, events=before, known_at=now, basis_decided_on=basis.decided_on)


def facts_file(notice: Notice) -> bytes | None:
    """Return the facts that a letter carries as a JSON file, complete with the rulebooks, or None."""
    carried = notice.payload.get("facts") if notice.practitioner_id is not None else None
    return file_of(carried) if isinstance(carried, dict) and carried.get("format") == FORMAT else None


def attachments(notice: Notice) -> list[Attachment]:
    """Return the facts of a letter as what travels inside its PDF."""
    content = facts_file(notice)
    if content is None:
        return []
    name = f"{notice.number}-facts.json"
    return [Attachment(name, content.decode(), _("Facts of the decision, to compute it again"))]
