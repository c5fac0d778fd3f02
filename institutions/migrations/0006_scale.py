"""What looking people up needs at the size of a province: the spells of a person are found by their own index only."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations

import institutions.models.registration

RANGE = institutions.models.registration.DateRange(
    "starts_on",
    "ends_on",
    django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True),
)


class Migration(migrations.Migration):
    """Makes the constraint anew, with the person's hash in the place of the person."""

    dependencies = [("institutions", "0005_roster_speed")]

    operations = [
        migrations.RemoveConstraint(model_name="registration", name="registration_spells_apart"),
        migrations.AddConstraint(
            model_name="registration",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="registration_spells_apart",
                expressions=[
                    (institutions.models.registration.PractitionerHash("practitioner"), "="),
                    ("institution", "="),
                    (RANGE, "&&"),
                ],
            ),
        ),
    ]
