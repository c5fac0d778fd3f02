"""The shape of what the scorecard endpoints send, for the API description. The allow-list itself is the dataclass."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from institutions.models.practitioner import Category
from scoring.policy.account import Status
from scoring.policy.rulebook_parts import BasisKind, PublicationMode

STATUSES = [(str(status), str(status)) for status in Status]
MODES = [(str(mode), str(mode)) for mode in PublicationMode]


class SiteSerializer(serializers.Serializer):
    """An institution where the person is registered; `region` is its GB/T 2260 code."""

    code = serializers.CharField()
    name = serializers.CharField()
    region = serializers.CharField()


class YearSerializer(serializers.Serializer):
    """The points of one calendar year."""

    year = serializers.IntegerField()
    points = serializers.IntegerField()


class ClauseSerializer(serializers.Serializer):
    """An item of the negative list."""

    code = serializers.CharField()
    title = serializers.CharField()
    title_en = serializers.CharField()


class EntrySerializer(serializers.Serializer):
    """One effective entry."""

    kind = serializers.ChoiceField(choices=["award", "repair"])
    effective_on = serializers.DateField()
    year = serializers.IntegerField()
    points = serializers.IntegerField()
    clauses = ClauseSerializer(many=True)
    institution_name = serializers.CharField()
    basis = serializers.ChoiceField(choices=["", *(str(kind) for kind in BasisKind)])


class StatementSerializer(serializers.Serializer):
    """What the person says about the decision that took effect on the day `about`."""

    about = serializers.DateField()
    text = serializers.CharField()
    published_on = serializers.DateField()


class ChangeSerializer(serializers.Serializer):
    """A graver status that is coming by decisions that have taken effect."""

    status = serializers.ChoiceField(choices=STATUSES)
    starts_on = serializers.DateField()
    until = serializers.DateField(allow_null=True)


class RulebookSerializer(serializers.Serializer):
    """The rules applied; `assumptions` are paths of parameters that no known text fixes."""

    id = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    title_en = serializers.CharField()
    full_at = serializers.IntegerField()
    assumptions = serializers.ListField(child=serializers.CharField())


class ScorecardSerializer(serializers.Serializer):
    """A person's published facts. Dates are Shanghai dates; `until` is the last day. Points and entries are null and
    empty where the rules hide them."""

    slug = serializers.CharField()
    name = serializers.CharField()
    category = serializers.ChoiceField(choices=Category.choices)
    institutions = SiteSerializer(many=True)
    status = serializers.ChoiceField(choices=STATUSES)
    status_from = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    may_reapply = serializers.BooleanField()
    points = serializers.IntegerField(allow_null=True)
    points_by_year = YearSerializer(many=True)
    entries = EntrySerializer(many=True)
    statements = StatementSerializer(many=True)
    next_change = ChangeSerializer(allow_null=True)
    under_appeal = serializers.BooleanField()
    next_reset_on = serializers.DateField()
    rulebook = RulebookSerializer()
    mode = serializers.ChoiceField(choices=MODES)
    as_of = serializers.DateField()
    evaluated_at = serializers.DateTimeField()


class CandidateSiteSerializer(serializers.Serializer):
    """A place where a candidate is registered."""

    institution = serializers.CharField()
    place = serializers.CharField()


class CandidateSerializer(serializers.Serializer):
    """A person who fits. Until confirmed, `name` is masked and `slug` is null."""

    slug = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    category = serializers.ChoiceField(choices=Category.choices)
    is_confirmed = serializers.BooleanField()
    sites = CandidateSiteSerializer(many=True)


class FindingsSerializer(serializers.Serializer):
    """Who was found: at most 20. `ask_institution` says that nothing is published where the institution lies."""

    results = CandidateSerializer(many=True)
    has_more = serializers.BooleanField()
    ask_institution = serializers.BooleanField()


class ProblemSerializer(serializers.Serializer):
    """A problem document (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField(required=False)
    next_step = serializers.CharField(required=False)
    errors = serializers.ListField(child=serializers.DictField(), required=False)  # type: ignore[assignment]


TERMINATED = OpenApiExample(
    "terminated",
    summary="12 points in one decision",
    response_only=True,
    status_codes=["200"],
    value={
        "slug": "k3v7q2m5x4t6w2ab",
        "name": "耿某敏",
        "category": "physician",
        "institutions": [{"code": "H15042200001", "name": "巴林左旗济仁中医医院", "region": "150422"}],
        "status": "terminated",
        "status_from": "2025-06-21",
        "until": "2028-06-20",
        "may_reapply": False,
        "points": 12,
        "points_by_year": [{"year": 2025, "points": 12}],
        "entries": [
            {
                "kind": "award",
                "effective_on": "2025-06-20",
                "year": 2025,
                "points": 12,
                "clauses": [{"code": "D1", "title": "…", "title_en": "…"}],
                "institution_name": "巴林左旗济仁中医医院",
                "basis": "administrative_penalty",
            }
        ],
        "statements": [{"about": "2025-06-20", "text": "…", "published_on": "2025-06-23"}],
        "next_change": None,
        "under_appeal": False,
        "next_reset_on": "2026-01-01",
        "rulebook": {
            "id": "inner-mongolia",
            "version": 1,
            "title": "…",
            "title_en": "…",
            "full_at": 12,
            "assumptions": ["effect_starts"],
        },
        "mode": "confirm",
        "as_of": "2025-06-21",
        "evaluated_at": "2025-06-20T16:05:00+00:00",
    },
)
MASKED = OpenApiExample(
    "candidates",
    summary="Somebody fits, and has to be confirmed",
    response_only=True,
    status_codes=["200"],
    value={
        "results": [
            {
                "slug": None,
                "name": "李某梅",
                "category": "physician",
                "is_confirmed": False,
                "sites": [{"institution": "巴林左旗济仁中医医院", "place": "内蒙古自治区赤峰市巴林左旗"}],
            }
        ],
        "has_more": False,
        "ask_institution": False,
    },
)
