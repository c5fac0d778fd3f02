"""What is in effect of a case, told in a few plain sentences with masked names: the draft of a typical case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases.models import Attribution, BasisKind, CaseFile, Finding
from cases.states import State
from institutions.masking import mask_name
from institutions.models.practitioner import Category
from scoring.models import Measure, RulebookVersion
from scoring.policy.rulebook_parts import MeasureKind
from scoring.selectors.places import place_names
from scoring.templatetags.pages import day

NAMED_MAX = 3  # of a group; the others are counted


@dataclass(frozen=True, slots=True)
class Group:
    """People scored alike: masked names, points, and the measure that rests on them with its days."""

    names: tuple[str, ...]
    categories: tuple[str, ...]
    points: int
    measure: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class Story:
    """What there is to tell."""

    place: str
    institution: str
    authority: str
    decided_on: date
    kind: str
    findings: tuple[Finding, ...]
    groups: tuple[Group, ...]
    clauses: tuple[str, ...]
    rulebook: RulebookVersion


def story_of(case: CaseFile) -> Story | None:
    """Return what is in effect of a case; None where no decision is."""
    in_effect = Attribution.objects.filter(case=case, state=State.EFFECTIVE.value, entry__reversal__isnull=True)
    rows = list(in_effect.select_related("practitioner", "entry__rulebook").prefetch_related("lines").order_by("id"))
    scored = [row for row in rows if row.entry is not None]
    if not scored:
        return None
    assert scored[0].entry is not None
    return Story(
        place=place_names([case.region_id]).get(case.region_id, ""),
        institution=case.institution.name,
        authority=case.basis.authority,
        decided_on=case.basis.decided_on,
        kind=case.basis.kind,
        findings=tuple(case.findings.order_by("key")),
        groups=_groups(scored),
        clauses=tuple(sorted({line.clause for row in scored for line in row.lines.all()})),
        rulebook=scored[0].entry.rulebook,
    )


def title_of(story: Story) -> str:
    """Return a title in the language that is active."""
    facts = {"institution": story.institution, "what": story.findings[0].title if story.findings else ""}
    return _("%(institution)s: %(what)s") % facts


def text_of(story: Story) -> str:
    """Return the text in the language that is active: what was found, what was decided, who was scored and why."""
    return "\n".join([_found(story), _decided(story), *(_scored(group) for group in story.groups), _meaning()])


def _groups(rows: Iterable[Attribution]) -> tuple[Group, ...]:
    entries = [row.entry_id for row in rows]
    standing = Measure.objects.filter(entry__in=entries, recorded__endswith__isnull=True).order_by("valid")
    measures = {measure.entry_id: measure for measure in standing}
    alike: dict[tuple, list[Attribution]] = {}
    for row in rows:
        assert row.entry is not None
        measure = measures.get(row.entry.pk)
        days = (measure.kind, measure.starts_on, measure.ends_on) if measure is not None else ("", None, None)
        alike.setdefault((row.entry.points, *days), []).append(row)
    groups = [
        Group(
            names=tuple(mask_name(row.practitioner.name) for row in people),
            categories=tuple(sorted({row.practitioner.category for row in people})),
            points=points,
            measure=kind,
            starts_on=first,
            ends_on=last,
        )
        for (points, kind, first, last), people in alike.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.points, group.names)))


def _found(story: Story) -> str:
    what = pgettext("between items of a list", "; ").join(finding.title for finding in story.findings)
    facts = {"place": story.place, "institution": story.institution, "what": what}
    return _("It was established of %(institution)s (%(place)s): %(what)s.") % facts


def _decided(story: Story) -> str:
    facts = {"authority": story.authority, "day": day(story.decided_on), "kind": BasisKind(story.kind).label}
    return _("%(authority)s decided about the institution on %(day)s (%(kind)s).") % facts


def _scored(group: Group) -> str:
    shown = "、".join(group.names[:NAMED_MAX])
    people = ngettext("%(names)s (%(roles)s)", "%(names)s, %(count)d persons in all (%(roles)s)", len(group.names))
    roles = pgettext("between items of a list", "; ").join(
        str(Category(category).label) for category in group.categories
    )
    facts = {"names": shown, "count": len(group.names), "roles": roles}
    who = people % facts
    given = ngettext("%(who)s: %(points)d point.", "%(who)s: %(points)d points.", group.points)
    said = given % {"who": who, "points": group.points}
    if not group.measure:
        return said
    kind = _("payment qualification terminated") if group.measure == MeasureKind.TERMINATE else _("suspended")
    days = {"kind": kind, "first": day(group.starts_on), "last": day(group.ends_on)}
    return said + _(" Medical insurance: %(kind)s from %(first)s to %(last)s.") % days


def _meaning() -> str:
    return _(
        "The points stand beside the penalty of the institution. Each person was told beforehand, could state their"
        " side, and may appeal."
    )
