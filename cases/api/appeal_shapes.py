"""What the endpoints of appeals answer: the person sees the course, officers the whole, by user name only."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.models import Appeal, ConflictDeclaration, ExpertOpinion, MessageKind, Outcome
from cases.models.appeal_choices import APPEAL_STATE_CHOICES
from cases.selectors import appeals as appeal_selectors
from cases.selectors.appeals import Eligible, Ineligible, Late, Track
from institutions import clock


class SecondLevelOut(serializers.Serializer):
    """Whether the appeal may go to the second level, until when, or why not."""

    possible = serializers.BooleanField()
    until = serializers.DateField(allow_null=True)
    late = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)


class TrackOut(serializers.Serializer):
    """How far an appeal has come, as the person sees it; `days_left` are working days."""

    receipt = serializers.CharField()
    level = serializers.IntegerField()
    state = serializers.ChoiceField(choices=APPEAL_STATE_CHOICES)
    filed_on = serializers.DateField()
    is_late = serializers.BooleanField()
    accepted_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    due_provisional = serializers.BooleanField()
    days_left = serializers.IntegerField(allow_null=True)
    is_overdue = serializers.BooleanField()
    stays = serializers.BooleanField()
    question = serializers.CharField(allow_blank=True)
    answer_due_on = serializers.DateField(allow_null=True)
    decided_on = serializers.DateField(allow_null=True)
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_blank=True)
    reasons = serializers.CharField(allow_blank=True)
    points_before = serializers.IntegerField(allow_null=True)
    points_after = serializers.IntegerField(allow_null=True)
    second_level = serializers.SerializerMethodField()
    elevated_to = serializers.CharField(allow_blank=True)

    @extend_schema_field(SecondLevelOut)
    def get_second_level(self, track: Track) -> dict[str, object]:
        """Say what `elevation_eligibility` says."""
        found = track.second_level
        return {
            "possible": not isinstance(found, Ineligible),
            "until": found.deadline if isinstance(found, Eligible | Late) else None,
            "late": isinstance(found, Late),
            "reason": str(found.reason) if isinstance(found, Ineligible) else "",
        }


class SubmittedFileOut(serializers.Serializer):
    """A file that the person handed in, without its bytes."""

    id = serializers.UUIDField()
    file_name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    received_at = serializers.DateTimeField()


class MessageOut(serializers.Serializer):
    """A question or an answer."""

    kind = serializers.ChoiceField(choices=MessageKind.choices)
    text = serializers.CharField()
    at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    files = SubmittedFileOut(many=True)


class DeclarationOut(serializers.Serializer):
    """An expert's declaration of interests, with the opinion where there is one."""

    expert = serializers.CharField(source="expert.username")
    has_conflict = serializers.BooleanField()
    text = serializers.CharField()
    declared_at = serializers.DateTimeField()
    opinion = serializers.SerializerMethodField()

    def get_opinion(self, declaration: ConflictDeclaration) -> str:
        """Return the opinion, or "" while there is none."""
        given: ExpertOpinion | None = getattr(declaration, "opinion", None)
        return given.text if given else ""


class VariedLineOut(serializers.Serializer):
    """A line that keeps fewer points."""

    line = serializers.IntegerField(source="line_id")
    finding = serializers.CharField(source="line.finding.key")
    clause = serializers.CharField(source="line.clause")
    points_before = serializers.IntegerField()
    points_after = serializers.IntegerField()


class AppealOut(serializers.Serializer):
    """An appeal as officers see it."""

    receipt = serializers.CharField()
    level = serializers.IntegerField()
    previous = serializers.CharField(source="previous.receipt", default=None, allow_null=True)
    attribution = serializers.UUIDField(source="attribution_id")
    case_number = serializers.CharField(source="attribution.case.number")
    region = serializers.CharField(source="attribution.case.region_id")
    institution_code = serializers.CharField(source="attribution.case.institution.code")
    practitioner_slug = serializers.CharField(source="attribution.practitioner.slug")
    practitioner_name = serializers.CharField(source="attribution.practitioner.name")
    state = serializers.ChoiceField(choices=APPEAL_STATE_CHOICES)
    possible_actions = serializers.SerializerMethodField()
    grounds = serializers.CharField()
    files = SubmittedFileOut(many=True)
    filed_on = serializers.DateField()
    deadline_on = serializers.DateField(allow_null=True)
    is_late = serializers.BooleanField()
    late_reason = serializers.CharField()
    stays = serializers.BooleanField()
    decision_due_on = serializers.DateField(allow_null=True)
    due_provisional = serializers.BooleanField()
    is_overdue = serializers.SerializerMethodField()
    paused_on = serializers.DateField(allow_null=True)
    answer_due_on = serializers.DateField(allow_null=True)
    assigned_to = serializers.CharField(source="assigned_to.username", default=None, allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    messages = MessageOut(many=True)
    declarations = DeclarationOut(many=True)
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_blank=True)
    outcome_reasons = serializers.CharField()
    points_before = serializers.IntegerField(allow_null=True)
    points_after = serializers.IntegerField(allow_null=True)
    varied_lines = VariedLineOut(many=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(source="decided_by.username", default=None, allow_null=True)
    second_level_until_on = serializers.DateField(allow_null=True)

    def get_possible_actions(self, appeal: Appeal) -> list[str]:
        """Return the actions that the state admits."""
        return appeal_selectors.possible_actions(appeal)

    def get_is_overdue(self, appeal: Appeal) -> bool:
        """Say whether the day for the outcome has passed."""
        return appeal_selectors.is_appeal_overdue(appeal, on=clock.today())


class PreviewPointsOut(serializers.Serializer):
    """The points of the whole that a variation would leave."""

    points = serializers.IntegerField()
