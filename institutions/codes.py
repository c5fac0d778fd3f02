"""What insurance codes look like. Pure; no Django.

A code is checked softly: one that looks unusual is kept as it was written and flagged, never refused, and never read
for the employer or the region (people move; codes stay).
"""

import re
import unicodedata

INSTITUTION_CODE = re.compile(r"[HP]\d{6}\d{5}")
PRACTITIONER_CODES: dict[str, re.Pattern[str]] = {
    "physician": re.compile(r"D\d{6}\d{6}"),
    "nurse": re.compile(r"N\d{6}\d{6}"),
    "pharmacist": re.compile(r"HY\d{6}\d{6}"),
    "technician": re.compile(r"HJ\d{6}\d{6}"),
}
OTHER = "other"


def normalise_code(text: str) -> str:
    """Return a code as it is compared: full-width letters made narrow, blanks taken out, letters in capitals."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def is_usual_institution_code(code: str) -> bool:
    """Say whether a normalised code looks as institutions' codes do: H or P, six digits, five digits."""
    return INSTITUTION_CODE.fullmatch(code) is not None


def practitioner_scheme(code: str) -> str:
    """Return the scheme a normalised code looks like ("physician", "nurse", "pharmacist", "technician", "other")."""
    for scheme, pattern in PRACTITIONER_CODES.items():
        if pattern.fullmatch(code):
            return scheme
    return OTHER


def is_usual_practitioner_code(code: str) -> bool:
    """Say whether a normalised code fits one of the known schemes."""
    return practitioner_scheme(code) != OTHER
