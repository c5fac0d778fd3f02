"""How a name is read and abbreviated, for search. Pure; no Django. Surnames are read as surnames (单 shan, 曾 zeng)."""

from functools import lru_cache

from pypinyin import lazy_pinyin

from institutions.surnames import COMPOUND_SURNAMES, SURNAME_READINGS

READING_LENGTH_MAX = 200
INITIALS_LENGTH_MAX = 40


def name_pinyin(name: str) -> str:
    """Return the reading of a name without tones or spaces, in lower case: 曾晓敏 → zengxiaomin."""
    return "".join(_syllables(name))[:READING_LENGTH_MAX]


def name_initials(name: str) -> str:
    """Return the first letter of each syllable: 尉迟敬德 → ycjd."""
    return "".join(syllable[0] for syllable in _syllables(name))[:INITIALS_LENGTH_MAX]


def _syllables(name: str) -> list[str]:
    plain = name.strip()
    surname = _surname(plain)
    reading = SURNAME_READINGS.get(surname)
    return [*(reading.split() if reading else _read(surname)), *_read(plain[len(surname) :])]


def _surname(plain: str) -> str:
    if not plain or not _is_chinese(plain[0]):
        return ""
    if plain[:2] in SURNAME_READINGS or plain[:2] in COMPOUND_SURNAMES:
        return plain[:2]
    return plain[:1]


def _is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U000323af"


@lru_cache(maxsize=1 << 16)
def _read(text: str) -> tuple[str, ...]:
    """Read a surname or a given name by itself: far fewer of either than of whole names, and never one word."""
    syllables = ("".join(filter(str.isalnum, part)).lower() for part in lazy_pinyin(text))
    return tuple(syllable for syllable in syllables if syllable)
