"""The table form of bulk case files."""

from django.db import migrations


class Migration(migrations.Migration):
    """Filled by its owner."""

    dependencies = [("cases", "0006_repairs")]

    operations = []
