"""What the night's work needs at the size of a province."""

from django.db import migrations, models
from django.db.models.functions import ExtractYear


class Migration(migrations.Migration):
    """One constraint: no published card outlives its year."""

    dependencies = [("scoring", "0002_entry_digest")]

    operations = [
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__year", ExtractYear("valid_from"))), name="scorecard_within_a_year"
            ),
        ),
    ]
