"""What is wrong in an uploaded rulebook, in the reader's language.

The rules complain in English (`scoring.policy`, pure of Django); here each kind of complaint is known by its form, and
what it names is put into the translated sentence. A complaint of no known form is shown as it is.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FORMS: tuple[tuple[str, Promise], ...] = (
    (
        r"no row for (?P<rows>.+): the table has to cover (?P<all>.+)",
        _("no row for %(rows)s: the table has to cover %(all)s"),
    ),
    (r"overlaps the full tier, which begins at (?P<at>.+)", _("overlaps the full tier, which begins at %(at)s")),
    (r"(?P<key>.+) stands twice \(first on line (?P<line>\d+)\)", _("%(key)s stands twice (first on line %(line)s)")),
    (r"(?P<key>.+) stands twice", _("%(key)s stands twice")),
    (r"lies below (?P<at>.+)", _("lies below %(at)s")),
    (r"lies above (?P<at>.+)", _("lies above %(at)s")),
    (r"has to lie below (?P<at>.+), got (?P<got>.+)", _("has to lie below %(at)s, got %(got)s")),
    (r"lies outside its range (?P<range>.+): (?P<got>.+)", _("lies outside its range %(range)s: %(got)s")),
    (r"lies outside the band (?P<band>.+): (?P<got>.+)", _("lies outside the band %(band)s: %(got)s")),
    (r"a row has to be named by its points, a whole number", _("a row has to be named by its points, a whole number")),
    (r"has neither a source nor assumption: true", _("has neither a source nor assumption: true")),
    (r"needs a source or assumption: true", _("needs a source or assumption: true")),
    (r"can only be true; leave it out otherwise", _("can only be true; leave it out otherwise")),
    (r"unknown key; did you mean (?P<near>.+)\?", _("unknown key; did you mean %(near)s?")),
    (r"unknown key", _("unknown key")),
    (r"unknown clause (?P<clause>.+)", _("unknown clause %(clause)s")),
    (r"(?P<clause>.+) requires itself", _("%(clause)s requires itself")),
    (r"is missing", _("is missing")),
    (r"has to be a mapping of paths", _("has to be a mapping of paths")),
    (r"has to be a mapping, got (?P<got>.+)", _("has to be a mapping, got %(got)s")),
    (r"has to be a list, got (?P<got>.+)", _("has to be a list, got %(got)s")),
    (r"has to be a text, got (?P<got>.+) \(put it in quotes\)", _("has to be a text, got %(got)s (put it in quotes)")),
    (r"has to be a text, got (?P<got>.+)", _("has to be a text, got %(got)s")),
    (r"has to be a text", _("has to be a text")),
    (r"has to be true or false, got (?P<got>.+)", _("has to be true or false, got %(got)s")),
    (
        r"has to be a whole number of at least (?P<least>\d+), got (?P<got>.+)",
        _("has to be a whole number of at least %(least)s, got %(got)s"),
    ),
    (
        r"has to be a list of whole numbers of at least 1, got (?P<got>.+)",
        _("has to be a list of whole numbers of at least 1, got %(got)s"),
    ),
    (r"has to be a date like 2025-03-01, got (?P<got>.+)", _("has to be a date like 2025-03-01, got %(got)s")),
    (r"has to be one of (?P<words>.+); got (?P<got>.+)", _("has to be one of %(words)s; got %(got)s")),
    (r"has to be a list of (?P<words>.+); got (?P<got>.+)", _("has to be a list of %(words)s; got %(got)s")),
    (r"has to hold only (?P<words>.+); got (?P<got>.+)", _("has to hold only %(words)s; got %(got)s")),
    (
        r"has to be \[lowest, highest\] with (?P<least>\d+) ≤ lowest ≤ highest, got (?P<got>.+)",
        _("has to be [lowest, highest] with %(least)s ≤ lowest ≤ highest, got %(got)s"),
    ),
    (
        r"has to be a band letter and a number like D1, got (?P<got>.+)",
        _("has to be a band letter and a number like D1, got %(got)s"),
    ),
    (
        r"has to be after (?P<day>[\d-]+), when (?P<label>.+) begins; got (?P<got>.+)",
        _("has to be after %(day)s, when %(label)s begins; got %(got)s"),
    ),
    (r"has to be after (?P<label>.+), got (?P<got>.+)", _("has to be after %(label)s, got %(got)s")),
    (
        r"has to stay (?P<old>.+) as in (?P<label>.+), got (?P<got>.+)",
        _("has to stay %(old)s as in %(label)s, got %(got)s"),
    ),
    (r"is already that of (?P<label>.+)", _("is already that of %(label)s")),
    (r"names one number twice", _("names one number twice")),
    (r"names one word twice", _("names one word twice")),
    (r"names no parameter of this pack", _("names no parameter of this pack")),
    (r"needs either years or months", _("needs either years or months")),
    (r"has to name at least one clause", _("has to name at least one clause")),
    (
        r"has to rise with the degree: general ≤ important ≤ principal",
        _("has to rise with the degree: general ≤ important ≤ principal"),
    ),
    (r"a second (?P<what>.+) at (?P<at>\d+) points", _("a second %(what)s at %(at)s points")),
    (r"only national can be extended, got (?P<got>.+)", _("only national can be extended, got %(got)s")),
    (r"no version of national is in force on (?P<day>.+)", _("no version of national is in force on %(day)s")),
    (r"not YAML: (?P<why>.+)", _("not YAML: %(why)s")),
    (r"has to be (?P<wanted>.+), got (?P<got>.+)", _("has to be %(wanted)s, got %(got)s")),
)
_COMPILED = tuple((re.compile(pattern, re.DOTALL), words) for pattern, words in FORMS)


def fault_in_words(reason: str) -> str:
    """Return a complaint of the rules about a pack in the reader's language."""
    for pattern, words in _COMPILED:
        found = pattern.fullmatch(reason)
        if found is not None:
            return str(words) % found.groupdict()
    return reason
