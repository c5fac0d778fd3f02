"""The catalogue of what people read: collected from Python and templates, in pure Python (nothing from apt).

Message ids are English sentences; `locale/zh_Hans` holds the Chinese ones. English needs no catalogue of its own: where
there is no translation the id is shown, and Django never falls back from English to the default language.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace
from django.utils.translation.template import block_re, constant_re, endblock_re, inline_re, plural_re

PROJECT_DIR = Path(__file__).resolve().parent.parent
SOURCES = ("config", "cases", "scoring", "institutions", "templates")
LANGUAGE = "zh_Hans"
CATALOGUE = PROJECT_DIR / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"

KEYWORDS: dict[str, Any] = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
METHODS = [("**/migrations/**", "ignore"), ("**.py", "python"), ("**.html", "config.messages.extract_template")]
METHODS += [("**.txt", "config.messages.extract_template"), ("**.svg", "config.messages.extract_template")]

Extracted = tuple[int, str, Any, list[str]]


def collected(known: Catalog | None = None) -> Catalog:
    """Return the catalogue with every message that the sources hold now, keeping the translations that are known.

    Nothing is guessed: a message that has changed is a new one without a translation. What is no longer used goes.
    """
    template = Catalog(project="Jifen", fuzzy=False)
    for source in SOURCES:
        root = PROJECT_DIR / source
        for name, _line, message, comments, context in extract_from_dir(str(root), METHODS, keywords=KEYWORDS):
            template.add(message, None, [(f"{source}/{name}", 0)], context=context, auto_comments=comments)
    catalogue = known or Catalog(locale=LANGUAGE, domain="django", project="Jifen", fuzzy=False)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    return catalogue


def read_catalogue(path: Path = CATALOGUE) -> Catalog:
    """Return the stored catalogue, an empty one where there is none."""
    if not path.exists():
        return Catalog(locale=LANGUAGE, domain="django", project="Jifen", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain="django")


def catalogue_text(catalogue: Catalog) -> bytes:
    """Return a catalogue as it is stored: no line numbers and no dates, so that two branches rarely disagree."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=110, omit_header=True, sort_by_file=True, include_lineno=False)
    return HEADER + buffer.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the ids of the messages that have no translation, or only a guessed one."""
    return [str(m.id) for m in catalogue if m.id and (m.fuzzy or not _is_translated(m.string))]


def extract_template(file: IO[bytes], keywords: Any, comment_tags: Any, options: dict[str, Any]) -> Iterator[Extracted]:
    """Yield the messages of a Django template, as Babel wants them: line, function, message, comments."""
    tokens = iter(Lexer(file.read().decode()).tokenize())
    for token in tokens:
        if token.token_type not in (TokenType.BLOCK, TokenType.VAR):
            continue
        if token.token_type is TokenType.BLOCK and token.contents.split()[:1] == ["comment"]:
            next((end for end in tokens if end.contents == "endcomment"), None)
            continue
        opened = block_re.match(token.contents) if token.token_type is TokenType.BLOCK else None
        single = inline_re.match(token.contents) if token.token_type is TokenType.BLOCK else None
        line = token.lineno or 0
        if single:
            yield _message(line, _unquoted(single[1]).replace("%", "%%"), None, single[3])
        elif opened:
            yield _block(line, token, opened[2], tokens)
        for constant in constant_re.findall(token.contents):
            yield line, "gettext", _unquoted(constant).replace("%", "%%"), []


HEADER = (
    b"# Chinese of Jifen. Collected by `manage.py collect_messages`; translations are written by hand.\n"
    b'msgid ""\nmsgstr ""\n"Project-Id-Version: Jifen\\n"\n"Language: zh_Hans\\n"\n"MIME-Version: 1.0\\n"\n'
    b'"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    b'"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)


def _block(line: int, start: Token, context: str | None, tokens: Iterator[Token]) -> Extracted:
    """The message between `blocktranslate` and its end, with `%(name)s` for variables."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type is TokenType.BLOCK and endblock_re.match(token.contents):
            break
        if token.token_type is TokenType.BLOCK and plural_re.match(token.contents):
            parts.append([])
        elif token.token_type is TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")
        else:
            parts[-1].append(token.contents.replace("%", "%%"))
    texts = ["".join(part) for part in parts]
    if " trimmed" in start.contents:
        texts = [trim_whitespace(text) for text in texts]
    return _message(line, texts[0], texts[1] if len(texts) > 1 else None, context)


def _message(line: int, single: str, plural: str | None, context: str | None) -> Extracted:
    if context and plural:
        return line, "npgettext", (_unquoted(context), single, plural), []
    if context:
        return line, "pgettext", (_unquoted(context), single), []
    if plural:
        return line, "ngettext", (single, plural), []
    return line, "gettext", single, []


def _is_translated(string: str | list[str] | tuple[str, ...] | None) -> bool:
    return bool(string) if isinstance(string, str) else bool(string) and all(string or ())


def _unquoted(text: str) -> str:
    return text.strip("\"'")
