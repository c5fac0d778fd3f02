"""How a name is read and abbreviated, for search. Pure; no Django. Surnames are read as surnames (单 shan, 曾 zeng)."""

from collections.abc import Iterable
from functools import lru_cache

from pypinyin import lazy_pinyin

from institutions.surnames import COMPOUND_SURNAMES, SURNAME_READINGS

READING_LENGTH_MAX = 200
INITIALS_LENGTH_MAX = 40


def name_pinyin(name: str) -> str:
    """Return the reading of a name without tones or spaces, in lower case: 曾晓敏 → zengxiaomin."""
    return name_reading(name)[0]


def name_initials(name: str) -> str:
    """Return the first letter of each syllable: 尉迟敬德 → ycjd."""
    return name_reading(name)[1]


def name_reading(name: str) -> tuple[str, str]:
    """Return the reading and the initials of a name together: two for the price of one."""
    plain = name.strip()
    surname = _surname(plain)
    reading, initials = _read_surname(surname)
    rest, rest_initials = _read(plain[len(surname) :])
    return (reading + rest)[:READING_LENGTH_MAX], (initials + rest_initials)[:INITIALS_LENGTH_MAX]


def _surname(plain: str) -> str:
    if not plain or not _is_chinese(plain[0]):
        return ""
    if plain[:2] in SURNAME_READINGS or plain[:2] in COMPOUND_SURNAMES:
        return plain[:2]
    return plain[:1]


def _is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U000323af"


@lru_cache(maxsize=1 << 12)
def _read_surname(surname: str) -> tuple[str, str]:
    reading = SURNAME_READINGS.get(surname)
    return _together(reading.split()) if reading else _read(surname)


@lru_cache(maxsize=1 << 16)
def _read(text: str) -> tuple[str, str]:
    """Read a surname or a given name by itself: far fewer of either than of whole names, and never one word."""
    return _together("".join(filter(str.isalnum, part)).lower() for part in lazy_pinyin(text))


def _together(syllables: Iterable[str]) -> tuple[str, str]:
    given = [syllable for syllable in syllables if syllable]
    return "".join(given), "".join(syllable[0] for syllable in given)
