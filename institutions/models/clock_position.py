"""`ClockPosition`: where the movable clock of a demonstration or a test stands; one row, or none."""

from django.db import models

from institutions.models.history import tracked


@tracked()
class ClockPosition(models.Model):
    """The instant at which the clock is frozen; ignored where the settings do not allow a movable clock."""

    ONLY_ROW = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY_ROW)
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="clock_position_one_row"),
        ]

    def __str__(self) -> str:
        return self.frozen_at.isoformat()
