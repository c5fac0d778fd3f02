"""The effect of rulebook drafts on live data, computed in the background before anybody activates one.

Accounts are read batch by batch, each in a read-only transaction: the database itself refuses whatever would change a
row. What was found is written afterwards, and replaces what the run before had found.
"""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import connection, transaction

from cases.selectors.rulebook_pending import activation_effects, people_pending
from institutions.clock import local_date
from institutions.json_types import Json, JsonObject
from institutions.services.locks import held_alone
from scoring.models import DraftState, EffectMode, RulebookDraft, RulebookEffect
from scoring.policy.redrafting import Standing, parameter_changes
from scoring.selectors.rulebook_drafts import active_rulebooks, book_of, replaced_by
from scoring.selectors.rulebook_effects import CHUNK, Found, Redraft, history_effects, people_concerned

logger = logging.getLogger(__name__)
LOCK = 7_301_006
ERROR_LENGTH_MAX = 2000

Effects = Callable[[Redraft, Collection[UUID]], Iterator[Found]]


def process_due(*, now: datetime, counts: Counter[str] | None = None) -> Counter[str]:
    """Compute the effect of every draft that waits for it; return how many, in `counts`. A failure stops no other."""
    counts = counts if counts is not None else Counter()
    counts["previewed"] += 0
    due = RulebookDraft.objects.filter(state=DraftState.PREVIEWING).order_by("uploaded_at", "pk")
    for pk in due.values_list("pk", flat=True):
        with held_alone(LOCK, pk.int) as is_free:
            draft = RulebookDraft.objects.get(pk=pk) if is_free else None
            if draft is not None and draft.state == DraftState.PREVIEWING:
                counts[_process(draft, now)] += 1
    return counts


def compute(redraft: Redraft, told: Callable[[int, int], None] | None = None) -> list[Found]:
    """Return everybody for whom a draft makes a difference, by either question. Writes nothing, by the database's word.

    `told` hears how many accounts were looked at, of how many.
    """
    with read_only():
        work: list[tuple[Effects, list[UUID]]] = [
            (activation_effects, people_pending(redraft)),
            (history_effects, people_concerned(redraft)),
        ]
    total, done = sum(len(people) for _effects, people in work), 0
    found: list[Found] = []
    for effects, people in work:
        for begin in range(0, len(people), CHUNK):
            batch = people[begin : begin + CHUNK]
            with read_only():
                found += effects(redraft, batch)
            done += len(batch)
            if told is not None:
                told(done, total)
    return found


@contextmanager
def read_only() -> Iterator[None]:
    """Run a block in a transaction in which the database refuses every change."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        yield


def _process(draft: RulebookDraft, now: datetime) -> str:
    redraft = Redraft(book_of(draft), tuple(active_rulebooks()), local_date(now))

    def told(done: int, total: int) -> None:
        rows = RulebookDraft.objects.filter(pk=draft.pk, state=DraftState.PREVIEWING)
        if not rows.update(people_done=done, people_total=total):
            raise _DecidedMeanwhile

    try:
        found = compute(redraft, told)
        return _keep(draft, redraft, found, now)
    except _DecidedMeanwhile:
        return "left"
    except Exception as fault:
        logger.exception("the effect of draft %s could not be computed", draft.pk)
        error = f"{type(fault).__name__}: {fault}"[:ERROR_LENGTH_MAX]
        RulebookDraft.objects.filter(pk=draft.pk, state=DraftState.PREVIEWING).update(
            state=DraftState.FAILED, error=error
        )
        return "failed"


class _DecidedMeanwhile(Exception):
    """The draft was withdrawn while its effect was being computed."""


@transaction.atomic
def _keep(draft: RulebookDraft, redraft: Redraft, found: Sequence[Found], now: datetime) -> str:
    """Replace what the run before had found, and let the draft wait for the second officer."""
    held = RulebookDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if held.state != DraftState.PREVIEWING:
        return "left"
    RulebookEffect.objects.filter(draft=held).delete()
    rows = [
        RulebookEffect(
            draft=held,
            mode=item.mode,
            practitioner_id=item.person,
            before=plain(item.before),
            after=plain(item.after),
            causes=list(item.causes),
            stage=item.stage,
        )
        for item in found
    ]
    RulebookEffect.objects.bulk_create(rows, batch_size=500)
    held.effect = counts_of(redraft, found)
    held.effect_digest = digest_of(redraft, found)
    held.effect_on, held.effect_at, held.state, held.error = redraft.on, now, DraftState.WAITING, ""
    held.people_done = held.people_total
    held.save()
    return "previewed"


def counts_of(redraft: Redraft, found: Sequence[Found]) -> JsonObject:
    """Return the counts of an effect: of each question how many people, from which status to which, and by what."""
    counts: dict[str, Json] = {}
    for mode in EffectMode:
        mine = [item for item in found if item.mode == mode]
        moves = Counter(f"{item.before.status}>{item.after.status}" for item in mine)
        causes = Counter(cause for item in mine for cause in item.causes)
        since = redraft.since if mode == EffectMode.HISTORY else redraft.book.effective_from
        counts[mode.value] = {
            "people": len(mine),
            "moves": dict(sorted(moves.items())),
            "causes": dict(sorted(causes.items())),
            "since": since.isoformat(),
        }
    base = replaced_by(redraft.book, list(redraft.active))
    changed = [c.path for c in parameter_changes(base, redraft.book)] if base else []
    shown = [path for path in changed if path.startswith("publication.")]
    counts["publication"] = {"changed": list(shown)}
    return counts


def digest_of(redraft: Redraft, found: Sequence[Found]) -> str:
    """Return what names an effect: the same draft, day and people, before and after, give the same digest."""
    rows = [
        [str(item.mode), str(item.person), plain(item.before), plain(item.after), list(item.causes), item.stage]
        for item in sorted(found, key=lambda each: (each.mode, each.person))
    ]
    facts = [redraft.book.digest, redraft.on.isoformat(), rows]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def plain(standing: Standing) -> JsonObject:
    """Return a standing as plain values."""
    return cast("JsonObject", json.loads(json.dumps(asdict(standing), default=str)))
