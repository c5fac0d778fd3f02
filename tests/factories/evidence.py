"""Makes evidence with a file in the media store."""

import hashlib
from datetime import UTC, datetime

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cases.models import Evidence
from cases.models.evidence import content_address
from tests.factories.case_file import CaseFileFactory

ADDED_AT = datetime(2025, 6, 10, 2, 0, tzinfo=UTC)


def stored(content: bytes) -> str:
    """Put bytes into the media store under their hash and return the name."""
    name = content_address(hashlib.sha256(content).hexdigest())
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    return name


class EvidenceFactory(factory.django.DjangoModelFactory[Evidence]):
    """A text file; `content=b"…"` gives its bytes."""

    class Meta:
        model = Evidence

    class Params:
        content = factory.Sequence(lambda n: f"证据 {n}\n".encode())

    case = factory.SubFactory(CaseFileFactory)
    key = factory.Sequence(lambda n: f"e{n}")
    title = "报告比对表"
    file = factory.LazyAttribute(lambda piece: stored(piece.content))
    file_name = "reports.txt"
    sha256 = factory.LazyAttribute(lambda piece: hashlib.sha256(piece.content).hexdigest())
    size = factory.LazyAttribute(lambda piece: len(piece.content))
    content_type = "text/plain"
    added_at = ADDED_AT
