"""What the endpoints of repairs and new registrations accept and answer."""

from rest_framework import serializers

from cases.api.requests import TEXT_MAX
from cases.models import Activity, RepairOutcome
from cases.models.repair_choices import ENTRY_STATE_CHOICES, REPAIR_STATE_CHOICES

OUTCOMES = ["", *RepairOutcome.values]


class RepairIn(serializers.Serializer):
    """A new application: a course on a clause, or an activity that was done."""

    practitioner = serializers.CharField(max_length=16, help_text="slug")
    institution = serializers.CharField(max_length=20, help_text="code")
    activity = serializers.ChoiceField(choices=Activity.choices)
    clause = serializers.CharField(max_length=10, default="", allow_blank=True)
    description = serializers.CharField(max_length=TEXT_MAX, default="", allow_blank=True)
    took_place_from = serializers.DateField(allow_null=True, default=None)
    took_place_to = serializers.DateField(allow_null=True, default=None)

    def validate(self, sent: dict[str, object]) -> dict[str, object]:
        """Ask for the days of an activity; whether they are possible is for the service."""
        if sent["activity"] != Activity.COURSE and not (sent["took_place_from"] and sent["took_place_to"]):
            raise serializers.ValidationError(
                {"took_place_from": self.fields["took_place_from"].error_messages["required"]}
            )
        return sent


class AnswersIn(serializers.Serializer):
    """For each question in order, the numbers of the options chosen, from 0."""

    answers = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(min_value=0, max_value=50), max_length=50),
        max_length=100,
    )


class FilesIn(serializers.Serializer):
    """One or more files."""

    files = serializers.ListField(child=serializers.FileField(), min_length=1, max_length=10)


class ReasonsIn(serializers.Serializer):
    """The reasons of a decision."""

    reasons = serializers.CharField(max_length=TEXT_MAX)


class ReregistrationIn(serializers.Serializer):
    """A new application: who, where, and the day of the new commitment."""

    practitioner = serializers.CharField(max_length=16, help_text="slug")
    institution = serializers.CharField(max_length=20, help_text="code")
    commitment_on = serializers.DateField()
    department = serializers.CharField(max_length=100, default="", allow_blank=True)
    position = serializers.CharField(max_length=100, default="", allow_blank=True)


class PersonOut(serializers.Serializer):
    """The person an application is about."""

    slug = serializers.CharField()
    name = serializers.CharField()


class PlaceOut(serializers.Serializer):
    """An institution."""

    code = serializers.CharField()
    name = serializers.CharField()


class AttemptOut(serializers.Serializer):
    """One marked attempt at a course's questions."""

    number = serializers.IntegerField()
    clause = serializers.CharField()
    course_version = serializers.IntegerField()
    correct = serializers.IntegerField()
    needed = serializers.IntegerField()
    questions = serializers.IntegerField()
    wrong = serializers.ListField(child=serializers.IntegerField())
    passed = serializers.BooleanField()
    taken_at = serializers.DateTimeField()


class FileOut(serializers.Serializer):
    """A file that was handed in; its bytes are opened in the admin, where the opening is written down."""

    id = serializers.UUIDField()
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    content_type = serializers.CharField()


class RepairOut(serializers.Serializer):
    """One application to earn points back."""

    id = serializers.UUIDField()
    receipt = serializers.CharField()
    state = serializers.ChoiceField(choices=REPAIR_STATE_CHOICES)
    practitioner = PersonOut()
    institution = PlaceOut()
    activity = serializers.ChoiceField(choices=Activity.choices)
    clause = serializers.CharField()
    description = serializers.CharField()
    took_place_from = serializers.DateField(allow_null=True)
    took_place_to = serializers.DateField(allow_null=True)
    year = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    outcome_reasons = serializers.CharField()
    points = serializers.IntegerField(allow_null=True)
    credited_on = serializers.DateField(allow_null=True)
    attempts = AttemptOut(many=True)
    files = FileOut(many=True)


class ReregistrationOut(serializers.Serializer):
    """One application to be registered anew."""

    id = serializers.UUIDField()
    receipt = serializers.CharField()
    state = serializers.ChoiceField(choices=ENTRY_STATE_CHOICES)
    practitioner = PersonOut()
    institution = PlaceOut()
    commitment_on = serializers.DateField()
    department = serializers.CharField()
    position = serializers.CharField()
    entered_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    outcome_reasons = serializers.CharField()
    registered_from = serializers.DateField(source="registration.starts_on", default=None, allow_null=True)
    files = FileOut(many=True)


class QuestionOut(serializers.Serializer):
    """A question with its options; which are right is not told."""

    text = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField())
    has_one_answer = serializers.BooleanField()


class CourseOut(serializers.Serializer):
    """A course in one language."""

    clause = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.ListField(child=serializers.CharField())
    questions = QuestionOut(many=True)
    needed = serializers.IntegerField()
    rests_on = serializers.CharField()
