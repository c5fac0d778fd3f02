"""That an appeal was filed and closed is an event of the account, so that the public page can say it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two kinds more."""

    dependencies = [("scoring", "0005_undo")]

    operations = [
        migrations.RemoveConstraint(model_name="accountevent", name="account_event_kind_known"),
        migrations.RemoveConstraint(model_name="accountevent", name="account_event_stay"),
        migrations.AlterField(
            model_name="accountevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("repair", "repair approved"),
                    ("reregistration", "registered anew"),
                    ("stay", "appeal accepted"),
                    ("dismissal", "appeal dismissed"),
                    ("appeal_opened", "appeal filed"),
                    ("appeal_closed", "appeal closed"),
                    ("licence_loss", "licence revoked"),
                    ("licence_restored", "licence given back"),
                ],
                db_collation="C",
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "repair",
                            "reregistration",
                            "stay",
                            "dismissal",
                            "appeal_opened",
                            "appeal_closed",
                            "licence_loss",
                            "licence_restored",
                        ],
                    )
                ),
                name="account_event_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["stay", "dismissal", "appeal_opened", "appeal_closed"]), _negated=True),
                    ("award__isnull", False),
                    _connector="OR",
                ),
                name="account_event_stay",
            ),
        ),
    ]
