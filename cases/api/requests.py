"""What the endpoints accept. Shapes only: whether an act is possible and right is for the services."""

from typing import Any

from rest_framework import serializers

from cases.models import ContinuityChoice, Decision, Degree, ServiceMethod
from cases.models.choices import FACTOR_LABELS
from cases.services.attributions import LineInput

TEXT_MAX = 4000


class LineIn(serializers.Serializer):
    """One finding scored under one clause, by the keys of the case."""

    finding = serializers.CharField(max_length=40)
    clause = serializers.CharField(max_length=10)
    degree = serializers.ChoiceField(choices=Degree.choices)
    points = serializers.IntegerField(min_value=1, max_value=32767)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, allow_null=True, default=None)
    reasoning = serializers.CharField(max_length=TEXT_MAX)
    evidence = serializers.ListField(child=serializers.CharField(max_length=40), default=list)
    factors = serializers.ListField(child=serializers.ChoiceField(choices=list(FACTOR_LABELS.items())), default=list)


class LinesIn(serializers.Serializer):
    """The lines of an attribution, its term and the reason for stepping outside the range."""

    lines = LineIn(many=True)
    months = serializers.IntegerField(min_value=1, max_value=32767, allow_null=True, default=None)
    countersign_reason = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")

    def line_inputs(self) -> list[LineInput]:
        """Return the lines as the services take them."""
        return [
            LineInput(
                finding=line["finding"],
                clause=line["clause"],
                degree=line["degree"],
                points=line["points"],
                reasoning=line["reasoning"],
                amount=line["amount"],
                evidence=tuple(line["evidence"]),
                factors=tuple(line["factors"]),
            )
            for line in self.validated_data["lines"]
        ]


class DraftIn(LinesIn):
    """A new draft: the case and the person it is about."""

    case = serializers.UUIDField()
    practitioner = serializers.CharField(max_length=16, help_text="slug")


class ServiceIn(serializers.Serializer):
    """How and when a letter reached the person."""

    served_on = serializers.DateField()
    method = serializers.ChoiceField(choices=ServiceMethod.choices)
    proof = serializers.CharField(max_length=300)
    published_on = serializers.DateField(allow_null=True, default=None, help_text="public notice only")
    witness = serializers.CharField(max_length=200, allow_blank=True, default="", help_text="deemed service only")


class DecideIn(serializers.Serializer):
    """The second officer's decision."""

    outcome = serializers.ChoiceField(choices=Decision.choices)
    reasons = serializers.CharField(max_length=TEXT_MAX)
    countersign_reason = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")
    override_reason = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")


class ReasonIn(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=TEXT_MAX)


class CloseIn(serializers.Serializer):
    """Why nobody is scored in a case."""

    reasons = serializers.CharField(max_length=TEXT_MAX)


class StatementIn(serializers.Serializer):
    """What the person said, and when it came in."""

    text = serializers.CharField(max_length=20_000)
    received_at = serializers.DateTimeField()


class AnswerIn(serializers.Serializer):
    """The answer to a statement."""

    answer = serializers.CharField(max_length=TEXT_MAX)


class ConcernAnswerIn(serializers.Serializer):
    """The answer to one question, for its facts as they were seen (`digest`)."""

    key = serializers.CharField(max_length=200)
    digest = serializers.CharField(max_length=64)
    text = serializers.CharField(max_length=TEXT_MAX)
    choice = serializers.ChoiceField(choices=ContinuityChoice.choices, default="", allow_blank=True)


class AnnulIn(serializers.Serializer):
    """That the decision against the institution was annulled."""

    annulled_on = serializers.DateField()
    reason = serializers.CharField(max_length=TEXT_MAX)


class AnnulFindingIn(AnnulIn):
    """That one finding of the decision was annulled; `finding` is its key in the case."""

    finding = serializers.CharField(max_length=40)


class ReinstateIn(serializers.Serializer):
    """That a higher court put back the basis, or the finding with this key."""

    finding = serializers.CharField(max_length=40, required=False, default="")
    reinstated_on = serializers.DateField()
    reason = serializers.CharField(max_length=TEXT_MAX)


class LinkIn(serializers.Serializer):
    """Another case of the same institution about the same acts."""

    case = serializers.UUIDField()
    reason = serializers.CharField(max_length=TEXT_MAX)


class ImportIn(serializers.Serializer):
    """A case file (YAML or JSON), with its evidence as further files, found by their names."""

    file = serializers.FileField()
    evidence = serializers.ListField(child=serializers.FileField(), default=list)
    dry_run = serializers.BooleanField(default=False)


def valid(shape: type[serializers.Serializer], data: object) -> Any:  # noqa: ANN401 - as DRF types it
    """Return the serializer after validation; DRF's own error otherwise."""
    serializer = shape(data=data)
    serializer.is_valid(raise_exception=True)
    return serializer
