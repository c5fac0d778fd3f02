"""What activating a draft of a rulebook changes: decisions on their way, taking effect under it. Reads only.

Entries keep the version under which they were posted, so activation changes no account by itself. What it changes is
what comes next: every attribution that is proposed, told, decided or served, taken as it stands, is put into effect
once under the rules as they are and once as they would be, on the day of its service or, where that is to come, on the
day for which the effect is computed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from cases.models import Annulment, Attribution, AttributionLine
from cases.states import State
from institutions.selectors import practitioners
from scoring.models import EffectMode
from scoring.policy.awarding import Line
from scoring.policy.events import Award, Event
from scoring.policy.redrafting import Placed
from scoring.policy.rulebook import Rulebook
from scoring.selectors.many_accounts import load_accounts
from scoring.selectors.rulebook_effects import Found, Redraft, compare, people_of

ON_THEIR_WAY = (State.PROPOSED, State.INTENT_SERVED, State.DECIDED, State.SERVED)
_ORDER = {state.value: place for place, state in enumerate(reversed(ON_THEIR_WAY))}


def on_their_way(redraft: Redraft) -> "QuerySet[Attribution]":
    """Return the attributions that a draft may govern when they take effect."""
    rows = Attribution.objects.filter(
        state__in=ON_THEIR_WAY,
        case__institution__region__code__startswith=redraft.book.jurisdiction,
        case__basis__annulled_on__isnull=True,
    )
    return rows.select_related("case__basis", "case__institution")


def people_pending(redraft: Redraft) -> list[UUID]:
    """Return the people, each once, of whom a decision is on its way that the draft may govern."""
    return people_of(set(on_their_way(redraft).order_by().values_list("practitioner_id", flat=True)))


def activation_effects(redraft: Redraft, people: Collection[UUID]) -> Iterator[Found]:
    """Yield those of these people whose account will be another once the draft is active and what waits has gone on."""
    person_of = practitioners.families(people)
    waiting: defaultdict[UUID, list[Attribution]] = defaultdict(list)
    for attribution in on_their_way(redraft).filter(practitioner__in=person_of):
        waiting[person_of[attribution.practitioner_id]].append(attribution)
    lines = _lines([item.pk for items in waiting.values() for item in items])
    accounts = load_accounts(list(waiting))
    for person in sorted(waiting):
        loaded = accounts[person]
        has_records = any(event.record for event in loaded.events)
        events: list[Event] = list(loaded.events)
        placed: dict[str, Placed] = {}
        for item in sorted(waiting[person], key=lambda each: (_day(redraft, each), _ORDER[each.state], str(each.pk))):
            on = _day(redraft, item)
            old = redraft.now_governing(item.case.institution.region_id, on)
            new = redraft.then_governing(item.case.institution.region_id, on)
            if old is None or new is None:
                continue
            seq = max((event.seq for event in events), default=0) + 1
            events.append(_award(item, old, on, seq, has_records))
            placed[item.source_key] = Placed(old, new, lines[item.pk], is_posted=False)
        if any(place.old.digest != place.new.digest for place in placed.values()):
            stage = ",".join(sorted({item.state for item in waiting[person]}))
            yield from compare(redraft, person, EffectMode.ACTIVATION, events, placed, stage)


def _day(redraft: Redraft, attribution: Attribution) -> date:
    """The day on which the award takes effect: of the service, or the day asked for while that is to come."""
    return attribution.served_on or redraft.on


def _award(attribution: Attribution, book: Rulebook, on: date, seq: int, has_records: bool) -> Award:
    """The award to be added up from its lines; counted by the day of the basis unless the rules say otherwise."""
    basis = attribution.case.basis
    return Award(
        ref=attribution.source_key,
        seq=seq,
        on=on,
        points=0,
        scored_on=basis.decided_on,
        rulebook=book,
        single_points=0,
        months=attribution.months,
        articles=frozenset(basis.articles),
        record=str(attribution.practitioner_id) if has_records else "",
    )


def _lines(attributions: Collection[UUID]) -> dict[UUID, tuple[Line, ...]]:
    """The lines that stand of many attributions, in one query."""
    annulled = Annulment.objects.filter(finding=OuterRef("finding"), reinstated_at__isnull=True)
    rows = AttributionLine.objects.filter(~Exists(annulled), attribution__in=attributions).select_related("finding")
    found: defaultdict[UUID, list[Line]] = defaultdict(list)
    for row in rows.order_by("attribution", "finding__key", "clause"):
        finding = row.finding
        found[row.attribution_id].append(Line(finding.conduct, row.points, finding.from_on, finding.to_on, str(row.pk)))
    return defaultdict(tuple, {key: tuple(lines) for key, lines in found.items()})
