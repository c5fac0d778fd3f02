"""Drafts of rulebooks as officers upload them, to be bent by tests."""

from datetime import datetime
from typing import Any

from scoring.models import RulebookDraft
from scoring.services import rulebook_drafts
from tests.factories.user import officer

# Inner Mongolia from June 2025: suspension from 6 points on; everything else as before.
LOWER = """
id: inner-mongolia
jurisdiction: "15"
version: 2
effective_from: 2025-06-01
title: 内蒙古自治区医保支付资格管理规则(修订草案)
title_en: Inner Mongolia rules on payment qualification (draft revision)
source: 试验修订稿
extends: national
measures:
  suspend:
    at: 6
    months:
      cumulative:
        6: {range: [1, 6], default: 1}
        7: {range: [1, 6], default: 1}
        8: {range: [1, 6], default: 1}
        10: {range: [1, 6], default: 4}
"""


def upload(now: datetime, text: str = LOWER, by: Any = None, **options: Any) -> RulebookDraft:
    """Upload a draft."""
    return rulebook_drafts.upload_draft(data=text.encode(), by=by or officer("approver"), now=now, **options)
