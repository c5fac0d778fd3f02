"""What follows from a case is found by its number, and what happened to a thing by the thing."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0002_lean_indexes'),
        ('scoring', '0003_dirty_by_register'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='consequence',
            index=models.Index(fields=['target'], name='consequence_by_target'),
        ),
        migrations.AddIndex(
            model_name='pointsentry',
            index=models.Index(fields=['case_reference'], name='entry_by_case'),
        ),
    ]
