"""What a queue of work is: which rows wait, for whom, until when, and how a row is shown, found and opened.

A queue is one declaration of `Queue` (in `<app>/queues.py`); the registry is `config.admin.queues`. Its
page, its numbers in the navigation and on the home page, claims, filters, search and export follow from it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Generic, TypeVar

from django.conf import settings
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from institutions import clock
from institutions.errors import Text
from institutions.models import User
from institutions.permissions import Permission, regions_for
from institutions.services.work_claims import Work

ModelT = TypeVar("ModelT", bound=Model)


@dataclass(frozen=True, slots=True)
class Column(Generic[ModelT]):
    """One column of a queue, on the page and in the export. `key` names it in the export."""

    key: str
    title: Text
    show: Callable[[ModelT], object]


@dataclass(frozen=True, slots=True)
class Due:
    """By when a row is to be done: some days after a date or an instant of the row.

    `target` names a target of the office (`settings.WORK_TARGET_DAYS`); without one the row's own date is the last
    day, as a rulebook counted it. Where the column `stopped_by` is filled the clock stands and nothing is overdue.
    """

    field: str
    target: str = ""
    is_instant: bool = True
    stopped_by: str = ""

    @property
    def days(self) -> int:
        """Return how many days the target grants."""
        return int(settings.WORK_TARGET_DAYS[self.target]) if self.target else 0

    def on(self, row: Model) -> date | None:
        """Return the last day for a row, None where its clock stands or has not begun."""
        if self.stopped_by and _value(row, self.stopped_by) is not None:
            return None
        begun = _value(row, self.field)
        if begun is None:
            return None
        day = clock.local_date(begun) if isinstance(begun, datetime) else begun
        assert isinstance(day, date)
        return day + timedelta(days=self.days)

    def overdue(self, today: date) -> Q:
        """Return the condition that the last day of a row has passed."""
        first = today - timedelta(days=self.days)
        runs = Q(**{f"{self.stopped_by}__isnull": True}) if self.stopped_by else Q()
        return runs & Q(**{f"{self.field}__lt": clock.start_of(first) if self.is_instant else first})

    def order(self) -> tuple[OrderBy | str, ...]:
        """Return the order of the queue: longest overdue first, what has no date and what stands last.

        By the date of another row it is sorted, not read off that row's index: few of its rows wait here, and the
        database would walk all that do not.
        """
        if "__" in self.field:
            return Coalesce(F(self.field), F(self.field)).asc(), "pk"
        stopped = (F(self.stopped_by).desc(nulls_first=True),) if self.stopped_by else ()
        return (*stopped, F(self.field).asc(nulls_last=True) if self.stopped_by else self.field, "pk")


def nobody_is_barred(row: Model, user: User) -> Text:
    """Return no reason why an officer may not take a row."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Generic[ModelT]):
    """One queue of work.

    `views`: permissions of which one opens the queue, over the regions where it is held (`within`); `acts`: of which
    one lets an officer claim a row. `rows` are all that wait; `fits` turns what was typed into a condition; `barred`
    says why this officer may not take that row, or nothing. `opens` names the page on which a row is worked on.
    `group` and `title` are for the navigation, `about` says what waits here and by when it is due.
    """

    code: str
    title: Text
    about: Text
    icon: str
    views: tuple[Permission, ...]
    acts: tuple[Permission, ...]
    rows: Callable[[date], QuerySet[ModelT]]
    within: Callable[[Collection[str]], Q]
    region: Callable[[ModelT], str]
    due: Due
    columns: tuple[Column[ModelT], ...]
    opens: Callable[[ModelT], str]
    reference: Callable[[ModelT], str]
    fits: Callable[[str], Q]
    finds: Text
    source_path: str = ""
    region_path: str = ""
    barred: Callable[[ModelT, User], Text] = nobody_is_barred
    assigned_to: str = ""

    @property
    def readers(self) -> tuple[Permission, ...]:
        """Return the permissions of which one opens the queue for reading: its own, and oversight."""
        return (*self.views, Permission.OVERSIGHT)

    def waiting(self, user: User, today: date) -> QuerySet[ModelT]:
        """Return the rows that wait in the regions of an officer."""
        return self.rows(today).filter(self.within(self.reach(user)))

    def has_been(self, user: User, key: str) -> bool:
        """Say whether there is such a row in the regions of an officer, waiting or not."""
        everything = self.rows(date.min).model._default_manager
        return everything.filter(self.within(self.reach(user)), pk=key).exists()

    def reach(self, user: User) -> tuple[str, ...]:
        """Return the prefixes of the regions where an officer may open the queue, in order."""
        return tuple(sorted({prefix for permission in self.readers for prefix in regions_for(user, permission)}))

    def work(self, row: ModelT) -> Work:
        """Return a row as what can be claimed."""
        return Work(self.code, str(row.pk), self.reference(row)[:120], self.region(row), self.acts)


def _value(row: Model, path: str) -> object:
    return reduce(lambda found, name: getattr(found, name) if found is not None else None, path.split("__"), row)
