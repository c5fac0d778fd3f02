"""A form field that takes several files at once."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_noop
from unfold.widgets import UnfoldAdminFileFieldWidget

THEME_WORDS = (gettext_noop("Choose file to upload"),)  # said by the theme, which has no Chinese


class ManyFilesInput(UnfoldAdminFileFieldWidget):
    """The browser's own chooser, for several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Cleans to the list of files chosen; each is checked by itself. An empty list where none is required."""

    widget = ManyFilesInput

    def clean(self, data: object, initial: object = None) -> list[UploadedFile]:
        """Return the files."""
        sent = data if isinstance(data, list | tuple) else [data] if data else []
        if not sent:
            super().clean(None, initial)
            return []
        return [super(ManyFilesField, self).clean(each, initial) for each in sent]
