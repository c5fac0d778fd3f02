"""The field in which officers write at length."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget

LENGTH_MAX = 20_000  # characters


def long_text(
    label: Any,  # noqa: ANN401 - a lazy text, as Django types it
    rows: int = 4,
    *,
    length_max: int = LENGTH_MAX,
    **options: Any,  # noqa: ANN401 - handed on to Django's field
) -> forms.CharField:
    """Return a field for a text of so many characters at most, shown with so many lines."""
    widget = UnfoldAdminTextareaWidget(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=length_max, widget=widget, **options)
