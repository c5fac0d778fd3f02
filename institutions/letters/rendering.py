"""A letter as part of a page, as plain text, and as a PDF ready to be printed."""

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from institutions.letters.letter import Letter
from institutions.letters.typesetting import Attachment, as_pdf

__all__ = ["Attachment", "as_html", "as_pdf", "as_text"]


def as_html(letter: Letter) -> SafeString:
    """Return the letter as an `<article>` to stand in a page; headings begin at the second level."""
    with translation.override(letter.language):
        return render_to_string("letters/letter.html", {"letter": letter})


def as_text(letter: Letter) -> str:
    """Return the letter as plain text, for e-mail copies and for whoever cannot open a PDF."""
    with translation.override(letter.language):
        return str(render_to_string("letters/letter.txt", {"letter": letter})).strip() + "\n"
