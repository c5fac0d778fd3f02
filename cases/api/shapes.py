"""What the endpoints answer: fields listed one by one, officers by user name only."""

from rest_framework import serializers

from cases.models import (
    Attribution,
    AttributionLine,
    BasisKind,
    CaseFile,
    Decision,
    Degree,
    ServiceKind,
    ServiceMethod,
    Source,
)
from cases.models.choices import STATE_CHOICES
from cases.selectors import attributions
from institutions.models import Category


class BasisOut(serializers.Serializer):
    """The decision a case rests on."""

    kind = serializers.ChoiceField(choices=BasisKind.choices)
    document = serializers.CharField()
    authority = serializers.CharField()
    decided_on = serializers.DateField()
    articles = serializers.ListField(child=serializers.IntegerField())
    annulled_on = serializers.DateField(allow_null=True)
    annulled_reason = serializers.CharField()


class FindingOut(serializers.Serializer):
    """One violation."""

    key = serializers.CharField()
    conduct = serializers.CharField()
    title = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    from_on = serializers.DateField()
    to_on = serializers.DateField()


class EvidenceOut(serializers.Serializer):
    """One piece of evidence, without its bytes."""

    key = serializers.CharField()
    title = serializers.CharField()
    file_name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    added_at = serializers.DateTimeField()


class ManifestLineOut(serializers.Serializer):
    """One effect of a decision, in the reader's language, and how it was undone."""

    kind = serializers.CharField()
    what = serializers.CharField()
    target = serializers.CharField()
    caused_at = serializers.DateTimeField()
    reversed_at = serializers.DateTimeField(allow_null=True)
    how = serializers.CharField()


class ClaimOut(serializers.Serializer):
    """Days at a site that are payable again; both included."""

    institution_code = serializers.CharField(source="code")
    institution_name = serializers.CharField(source="name")
    first = serializers.DateField()
    last = serializers.DateField()


class ManifestOut(serializers.Serializer):
    """The restoration manifest: no line is open once everything is undone."""

    case_reference = serializers.CharField()
    points = serializers.IntegerField()
    points_left = serializers.IntegerField()
    is_undone = serializers.BooleanField()
    open_count = serializers.IntegerField()
    lines = ManifestLineOut(many=True)
    claims_to_resubmit = ClaimOut(many=True)


class WorkClaimOut(serializers.Serializer):
    """Who holds a piece of work, and until when."""

    reference = serializers.CharField()
    holder = serializers.CharField(source="holder.username")
    claimed_at = serializers.DateTimeField()
    lapses_at = serializers.DateTimeField()


class CaseOut(serializers.Serializer):
    """A case in a list."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    region = serializers.CharField(source="region_id")
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]
    institution_code = serializers.CharField(source="institution.code")
    institution_name = serializers.CharField(source="institution.name")
    basis = BasisOut()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    opened_at = serializers.DateTimeField()
    attribution_count = serializers.IntegerField()


class AttributionBriefOut(serializers.Serializer):
    """An attribution within its case."""

    id = serializers.UUIDField()
    practitioner_slug = serializers.CharField(source="practitioner.slug")
    practitioner_name = serializers.CharField(source="practitioner.name")
    state = serializers.ChoiceField(choices=STATE_CHOICES)
    appeals = serializers.SerializerMethodField()

    def get_appeals(self, attribution: Attribution) -> list[str]:
        """Return the receipt numbers of the appeals against the decision."""
        return [appeal.receipt for appeal in attribution.appeals.all()]


class ClosingOut(serializers.Serializer):
    """That nobody is scored in a case, by whom and why; and, where it was opened again, that."""

    closed_at = serializers.DateTimeField()
    closed_by = serializers.CharField(source="closed_by.username")
    reasons = serializers.CharField()
    reopened_at = serializers.DateTimeField(allow_null=True)
    reopened_by = serializers.CharField(source="reopened_by.username", default="")
    reopened_reason = serializers.CharField()


class CaseDetailOut(CaseOut):
    """A case with what is in it."""

    findings = FindingOut(many=True)
    evidence = EvidenceOut(many=True)
    attributions = AttributionBriefOut(many=True)
    closings = ClosingOut(many=True)
    linked = serializers.SerializerMethodField()

    def get_linked(self, case: CaseFile) -> list[str]:
        """Return the numbers of the linked cases."""
        return list(self.context.get("linked", []))


class LineOut(serializers.Serializer):
    """One finding scored under one clause."""

    finding = serializers.CharField(source="finding.key")
    conduct = serializers.CharField(source="finding.conduct")
    title = serializers.CharField(source="finding.title")
    clause = serializers.CharField()
    degree = serializers.ChoiceField(choices=Degree.choices)
    points = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    reasoning = serializers.CharField()
    evidence = serializers.SerializerMethodField()

    def get_evidence(self, line: AttributionLine) -> list[str]:
        """Return the keys of the evidence that ties the person to the finding."""
        return [piece.key for piece in line.evidence.all()]


class ServiceOut(serializers.Serializer):
    """How a letter reached the person."""

    kind = serializers.ChoiceField(choices=ServiceKind.choices)
    method = serializers.ChoiceField(choices=ServiceMethod.choices)
    on = serializers.DateField()
    proof = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    witness = serializers.CharField()
    letter = serializers.CharField(source="letter.notice.number", default="")


class LetterOut(serializers.Serializer):
    """A letter that was made out; its text is at `/api/v1/notices/{number}/letter.pdf`."""

    number = serializers.CharField()
    kind = serializers.CharField()
    created_at = serializers.DateTimeField()


class StatementOut(serializers.Serializer):
    """What the person said, and the answer."""

    id = serializers.IntegerField()
    window = serializers.IntegerField()
    text = serializers.CharField()
    received_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class AttributionOut(serializers.Serializer):
    """An attribution with its lines and how far it has come."""

    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    case_number = serializers.CharField(source="case.number")
    region = serializers.CharField(source="case.region_id")
    institution_code = serializers.CharField(source="case.institution.code")
    practitioner_slug = serializers.CharField(source="practitioner.slug")
    practitioner_name = serializers.CharField(source="practitioner.name")
    practitioner_codes = serializers.SerializerMethodField()
    category = serializers.ChoiceField(choices=Category.choices, source="practitioner.category")
    state = serializers.ChoiceField(choices=STATE_CHOICES)
    possible_actions = serializers.SerializerMethodField()
    lines = LineOut(many=True)
    months = serializers.IntegerField(allow_null=True)
    countersign_reason = serializers.CharField()
    proposed_by = serializers.CharField(source="proposed_by.username", default=None, allow_null=True)
    proposed_at = serializers.DateTimeField(allow_null=True)
    window = serializers.IntegerField()
    intent_served_on = serializers.DateField(allow_null=True)
    statement_deadline_on = serializers.DateField(allow_null=True)
    deadline_provisional = serializers.BooleanField()
    statements = StatementOut(many=True)
    decision = serializers.ChoiceField(choices=Decision.choices, allow_blank=True)
    decision_reasons = serializers.CharField()
    decided_by = serializers.CharField(source="decided_by.username", default=None, allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    services = ServiceOut(many=True)
    served_on = serializers.DateField(allow_null=True)
    effective_at = serializers.DateTimeField(allow_null=True)
    entry_points = serializers.IntegerField(source="entry.points", default=None, allow_null=True)
    set_aside_at = serializers.DateTimeField(allow_null=True)
    set_aside_reason = serializers.CharField()
    appeals = serializers.SerializerMethodField()

    def get_practitioner_codes(self, attribution: Attribution) -> list[str]:
        """Return the person's codes; people of some categories have none."""
        return [code.code for code in attribution.practitioner.codes.all()]

    def get_appeals(self, attribution: Attribution) -> list[str]:
        """Return the receipt numbers of the appeals against the decision."""
        return [appeal.receipt for appeal in attribution.appeals.all()]

    def get_possible_actions(self, attribution: Attribution) -> list[str]:
        """Return the actions that the state admits."""
        return attributions.possible_actions(attribution)


class ConcernOut(serializers.Serializer):
    """One thing the rulebook says about a proposal."""

    place = serializers.CharField(allow_blank=True)
    rule = serializers.CharField()
    severity = serializers.CharField()
    message = serializers.CharField()


class MeasureOut(serializers.Serializer):
    """A measure that would follow; `until` is its last day."""

    kind = serializers.CharField()
    starts_on = serializers.DateField()
    until = serializers.DateField(source="ends_on")
    months = serializers.IntegerField(source="months_imposed")


class PreviewOut(serializers.Serializer):
    """What a decision served today would cause, and what the rulebook says about it."""

    rulebook = serializers.CharField()
    on = serializers.DateField()
    points = serializers.IntegerField()
    arithmetic = serializers.CharField()
    year = serializers.IntegerField()
    total = serializers.IntegerField()
    measures = MeasureOut(many=True)
    concerns = ConcernOut(many=True)


class ImportOut(serializers.Serializer):
    """What became of a case file."""

    outcome = serializers.CharField(help_text="created, unchanged or would_create")
    number = serializers.CharField()
    id = serializers.UUIDField(allow_null=True)
    attributions = serializers.IntegerField()
