"""How a person's name is shown to those who need not know it. Pure; no Django.

Three or more characters: surname + 某 + last character. Two: surname + 某. One character is shown as 某.
Names already masked in the source (耿某敏, 宾某某) stay as they are.
"""

from institutions.surnames import COMPOUND_SURNAMES

MASK = "某"


def mask_name(name: str) -> str:
    """Return the masked form of a Chinese or foreign name; blanks stay blank, masked names stay as they are."""
    plain = name.strip()
    if not plain or MASK in plain[1:]:
        return plain
    if len(plain) == 1:
        return MASK
    if not _is_chinese(plain[0]):
        return f"{plain[0]}{MASK}{plain[-1]}"
    surname = plain[:2] if len(plain) > 2 and plain[:2] in COMPOUND_SURNAMES else plain[0]
    if len(plain) == len(surname) + 1:
        return surname + MASK
    return surname + MASK + plain[-1]


def _is_chinese(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U000323af"
