"""What a preview shows as one digest, and which previews an officer has opened in their present version."""

import hashlib
import json
from collections.abc import Collection, Iterable
from uuid import UUID

from cases.models import Attribution, PreviewOpening
from cases.selectors.previews import Preview
from cases.selectors.versions import version_of
from institutions.models import User


def shown_digest(attribution: Attribution, found: Preview) -> str:
    """Return the digest of a version and its effect; dates are left out, since they move with the day of service."""
    effect = sorted((measure.kind.value, measure.months_imposed) for measure in found.measures)
    shown = [version_of(attribution), found.points, found.year, found.total, effect]
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


def opened(digests: Iterable[tuple[UUID, str]], by: User) -> Collection[tuple[UUID, str]]:
    """Return those (attribution, digest) whose preview the officer has opened. One query."""
    wanted = set(digests)
    rows = PreviewOpening.objects.filter(
        proposal__attribution__in={attribution for attribution, _digest in wanted}, opened_by=by
    )
    return wanted & set(rows.order_by().values_list("proposal__attribution_id", "digest"))
