"""How a name is read and abbreviated, for search. Pure; no Django. Surnames are read as surnames (单 shan, 曾 zeng)."""

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
    if reading is None:
        return _read(plain)
    return reading.split() + _read(plain[len(surname) :])


def _surname(plain: str) -> str:
    if plain[:2] in SURNAME_READINGS or plain[:2] in COMPOUND_SURNAMES:
        return plain[:2]
    return plain[:1]


def _read(text: str) -> list[str]:
    syllables = ("".join(filter(str.isalnum, part)).lower() for part in lazy_pinyin(text))
    return [syllable for syllable in syllables if syllable]
