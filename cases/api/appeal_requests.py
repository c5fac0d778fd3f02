"""What the endpoints of appeals accept. Shapes only: whether an act is possible and right is for the services."""

from rest_framework import serializers

from cases.models.appeal_choices import DECIDED_OUTCOMES
from cases.services.appeals import SentFile
from institutions.services.notice_tokens import NUMBER_LENGTH_MAX, TOKEN_LENGTH_MAX

TEXT_MAX = 4000
GROUNDS_MAX = 20_000
DECIDED_CHOICES = [(item.value, item.label) for item in DECIDED_OUTCOMES]


class LetterIn(serializers.Serializer):
    """The number and the access code of a letter; both may also be sent as headers."""

    notice = serializers.CharField(max_length=NUMBER_LENGTH_MAX, required=False, help_text="X-Notice-Number")
    token = serializers.CharField(max_length=TOKEN_LENGTH_MAX, required=False, help_text="X-Notice-Token")


class FilesIn(LetterIn):
    """Files that the person hands in (multipart)."""

    files = serializers.ListField(child=serializers.FileField(), default=list)

    def sent_files(self) -> list[SentFile]:
        """Return the files as the services take them."""
        return [SentFile(piece.name, piece.read()) for piece in self.validated_data["files"]]


class FileAppealIn(FilesIn):
    """An appeal against the decision that a letter tells."""

    grounds = serializers.CharField(max_length=GROUNDS_MAX)
    late_reason = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")


class AppealAnswerIn(FilesIn):
    """The answer to a question."""

    text = serializers.CharField(max_length=GROUNDS_MAX)


class WithdrawIn(LetterIn):
    """Why the person withdraws."""

    reason = serializers.CharField(max_length=TEXT_MAX)


class PaperAppealIn(FilesIn):
    """An appeal that came on paper, taken in by an officer."""

    attribution = serializers.UUIDField()
    grounds = serializers.CharField(max_length=GROUNDS_MAX)
    received_on = serializers.DateField()
    late_reason = serializers.CharField(max_length=TEXT_MAX, allow_blank=True, default="")


class AssignIn(serializers.Serializer):
    """The officer who is to handle the appeal."""

    to = serializers.CharField(max_length=150, help_text="user name")


class AskIn(serializers.Serializer):
    """A question to the person."""

    text = serializers.CharField(max_length=TEXT_MAX)


class DeclareIn(serializers.Serializer):
    """An expert's declaration of interests."""

    has_conflict = serializers.BooleanField()
    text = serializers.CharField(max_length=TEXT_MAX)


class OpinionIn(serializers.Serializer):
    """An expert's opinion."""

    text = serializers.CharField(max_length=GROUNDS_MAX)


class PointsOfLineIn(serializers.Serializer):
    """How many points a line keeps."""

    line = serializers.IntegerField(min_value=1)
    points = serializers.IntegerField(min_value=0, max_value=32767)


class PointsByLineIn(serializers.Serializer):
    """What the lines of a varied decision keep; lines that are not named keep theirs."""

    points = PointsOfLineIn(many=True, default=list)

    def points_by_line(self) -> dict[int, int]:
        """Return the points as the services take them."""
        return {row["line"]: row["points"] for row in self.validated_data["points"]}


class DecideAppealIn(PointsByLineIn):
    """The outcome with its reasons."""

    outcome = serializers.ChoiceField(choices=DECIDED_CHOICES)
    reasons = serializers.CharField(max_length=GROUNDS_MAX)
