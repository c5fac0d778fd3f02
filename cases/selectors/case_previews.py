"""What a whole case would cause, person by person, as it stands or as it is meant to be changed. Nothing is written.

The arithmetic is that of `previews`, which the decision will also follow; here everybody's account is read in a handful
of queries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cases.models import Attribution, CaseFile, ScoredConduct
from cases.policy.suggestion import Assessment, Concern, Prior, Proposed, ProposedLine, assess, term_row
from cases.selectors.assessments import Assessed, plain_line, prior_from, rulebook_in_force, scored_on
from cases.selectors.factors import factor_rules
from cases.selectors.previews import award_of, caused
from cases.states import State
from institutions.models import Institution, NoticeKind, Practitioner
from institutions.selectors.practitioners import primary_codes, sites_of
from scoring.policy.account import Account, PolicyMeasure, StatusOn
from scoring.policy.replay import replay
from scoring.policy.rulebook import Rulebook
from scoring.policy.rulebook_parts import MeasureKind, MonthsRow, ReminderKind
from scoring.selectors.accounts import LoadedAccount, account_from_rows
from scoring.selectors.many_accounts import load_accounts
from scoring.services.status_notices import REMINDER_NOTICES

OVER = frozenset({State.REJECTED, State.SET_ASIDE})


@dataclass(frozen=True)
class Meant:
    """What is meant for one person: stored, or as it stands in a form. `key` tells the rows of a case apart."""

    key: str
    practitioner: Practitioner
    state: State
    lines: tuple[ProposedLine, ...]
    months: int | None = None
    ref: str = ""
    attribution_id: UUID | None = None
    served_on: date | None = None


@dataclass(frozen=True)
class ExpectedNotice:
    """One notice that will go out, to the person (`site` None) or to an institution."""

    kind: NoticeKind
    site: Institution | None


@dataclass(frozen=True)
class PersonPreview:
    """One person: the total of the year before and after, what follows, and who will hear of it."""

    meant: Meant
    code: str
    points: int
    year: int
    before: int
    after: int
    status_before: StatusOn
    measures: tuple[PolicyMeasure, ...]
    term: MonthsRow | None
    arithmetic: str
    concerns: tuple[Concern, ...]
    sites: tuple[Institution, ...]
    notices: tuple[ExpectedNotice, ...]

    @property
    def gravest(self) -> PolicyMeasure | None:
        """Return the measure that lasts longest, a termination before any suspension; None where none follows."""
        return max(self.measures, key=lambda m: (m.kind is MeasureKind.TERMINATE, m.ends_on), default=None)

    @property
    def is_over(self) -> bool:
        """Say whether nothing will follow any more: rejected or set aside."""
        return self.meant.state in OVER

    @property
    def is_in_effect(self) -> bool:
        """Say whether this is what holds, and no longer what would."""
        return self.meant.state is State.EFFECTIVE


@dataclass(frozen=True)
class CasePreview:
    """Everybody in a case, as though every decision were served on a day."""

    on: date
    rulebook: Rulebook
    persons: tuple[PersonPreview, ...]

    @property
    def standing(self) -> tuple[PersonPreview, ...]:
        """Return those for whom something follows or may follow."""
        return tuple(person for person in self.persons if not person.is_over)

    def under(self, kind: MeasureKind) -> int:
        """Return for how many a measure of this kind is the gravest that follows."""
        return sum(1 for person in self.standing if person.gravest is not None and person.gravest.kind is kind)

    @property
    def terminations(self) -> int:
        """Return how many would be terminated."""
        return self.under(MeasureKind.TERMINATE)

    @property
    def suspensions(self) -> int:
        """Return how many would be suspended."""
        return self.under(MeasureKind.SUSPEND)

    @property
    def sites(self) -> tuple[Institution, ...]:
        """Return every institution where a measure would take somebody out of settlement."""
        found = {site.pk: site for person in self.standing if person.measures for site in person.sites}
        return tuple(found.values())

    @property
    def notice_count(self) -> int:
        """Return how many notices will still go out."""
        return sum(len(person.notices) for person in self.standing)


def meant_by(attribution: Attribution, annulled: Collection[int]) -> Meant:
    """Return what an attribution means as it is stored, without the lines of annulled findings.

    Reads the person and the lines with their findings, and no query where these were fetched along.
    """
    lines = [line for line in attribution.lines.all() if line.finding_id not in annulled]
    lines.sort(key=lambda line: (line.finding.key, line.clause))
    return Meant(
        key=str(attribution.pk),
        practitioner=attribution.practitioner,
        state=State(attribution.state),
        lines=tuple(plain_line(line, line.finding) for line in lines),
        months=attribution.months,
        ref=attribution.source_key,
        attribution_id=attribution.pk,
        served_on=attribution.served_on,
    )


def preview_case(case: CaseFile, meant: Sequence[Meant], *, on: date) -> CasePreview:
    """Return what everybody's part would cause if the decisions were served on a day; served ones keep their day.

    About ten queries, however many persons.
    """
    people = [item.practitioner.pk for item in meant if not item.practitioner._state.adding]
    accounts, sites, codes = load_accounts(people), sites_of(people, on), primary_codes(people)
    elsewhere = _scored_elsewhere(case, meant)
    rulebook = rulebook_in_force(case, on)
    persons = []
    for item in meant:
        where = {site.pk: site for site in sites.get(item.practitioner.pk, ())}
        where.setdefault(case.institution.pk, case.institution)
        loaded = accounts.get(item.practitioner.pk) or account_from_rows([], [])  # not on record yet: nothing stands
        facts = _Facts(case, loaded, tuple(where.values()), elsewhere[item.key], rulebook, on)
        persons.append(_person(item, codes.get(item.practitioner.pk, ""), facts))
    return CasePreview(on, rulebook, tuple(persons))


@dataclass(frozen=True)
class _Facts:
    case: CaseFile
    loaded: LoadedAccount
    sites: tuple[Institution, ...]
    elsewhere: frozenset[str]
    rulebook: Rulebook
    on: date


def _person(item: Meant, code: str, facts: _Facts) -> PersonPreview:
    on = item.served_on if item.state is State.SERVED and item.served_on is not None else facts.on
    placed_on = scored_on(facts.case, facts.rulebook, on)
    before, year = facts.loaded.account, placed_on.year
    assessment = _assess(item, facts, year, on)
    total, points = before.total(year, on), assessment.points
    measures: tuple[PolicyMeasure, ...] = ()
    after = before
    if item.state is State.EFFECTIVE:
        points = sum(award.points for award in before.awards if award.ref == item.ref)
        measures = tuple(measure for measure in before.measures if measure.award == item.ref)
        total -= points
    elif item.state not in OVER and points:
        award = award_of(
            facts.loaded,
            Assessed(assessment, facts.rulebook),
            ref=item.ref or item.key,
            on=on,
            scored_on=placed_on,
            months=item.months,
            articles=frozenset(facts.case.basis.articles),
            clauses=frozenset(line.clause for line in item.lines),
        )
        after = replay([*facts.loaded.events, award])
        measures = caused(before, after, award.ref)
    else:
        points = 0
    return PersonPreview(
        meant=item,
        code=code,
        points=points,
        year=year,
        before=total,
        after=total + points if item.state is State.EFFECTIVE else after.total(year, on),
        status_before=before.status_on(on),
        measures=measures,
        term=term_row(facts.rulebook, total + points, assessment.single_points) if points else None,
        arithmetic=assessment.arithmetic,
        concerns=assessment.concerns if item.state not in (*OVER, State.EFFECTIVE) else (),
        sites=facts.sites,
        notices=tuple(_notices(item, after, measures, facts)),
    )


def _assess(item: Meant, facts: _Facts, year: int, on: date) -> Assessment:
    proposed = Proposed(
        category=item.practitioner.category,
        basis_kind=facts.case.basis.kind,
        basis_articles=frozenset(facts.case.basis.articles),
        lines=item.lines,
        months=item.months,
        factor_rules=factor_rules(),
    )
    prior: Prior = prior_from(facts.loaded, year, on, facts.elsewhere)
    return assess(proposed, facts.rulebook, prior)


def _notices(item: Meant, after: Account, measures: Sequence[PolicyMeasure], facts: _Facts) -> Iterable[ExpectedNotice]:
    """The letters of the procedure that are still to come, and what goes out on the day of effect."""
    letters = {
        State.DRAFT: (NoticeKind.INTENT, NoticeKind.DECISION),
        State.PROPOSED: (NoticeKind.INTENT, NoticeKind.DECISION),
        State.INTENT_SERVED: (NoticeKind.DECISION,),
    }.get(item.state, ())
    closed_on = facts.case.institution.closed_on
    for kind in letters:
        yield ExpectedNotice(kind, None)
        if closed_on is None or closed_on >= facts.on:
            yield ExpectedNotice(NoticeKind.HANDOVER, facts.case.institution)
    if item.state is State.EFFECTIVE:
        return
    ref = item.ref or item.key
    kinds = [REMINDER_NOTICES[ReminderKind(fired.kind)] for fired in after.reminders if fired.award == ref]
    if measures:
        kinds.append(NoticeKind.STATUS_CHANGE)
    for kind in kinds:
        yield from (ExpectedNotice(kind, site) for site in (*facts.sites, None))


def _scored_elsewhere(case: CaseFile, meant: Sequence[Meant]) -> dict[str, frozenset[str]]:
    """By row, the acts of the person that another of the linked cases has a standing claim on. One query."""
    people = [item.practitioner.pk for item in meant]
    claims = ScoredConduct.objects.filter(practitioner__in=people, scope=case.conduct_scope, released_at__isnull=True)
    found: defaultdict[UUID, set[tuple[UUID, str]]] = defaultdict(set)
    for person, attribution, conduct in claims.values_list("practitioner_id", "attribution_id", "conduct"):
        found[person].add((attribution, conduct))
    return {
        item.key: frozenset(
            conduct for attribution, conduct in found[item.practitioner.pk] if attribution != item.attribution_id
        )
        for item in meant
    }
