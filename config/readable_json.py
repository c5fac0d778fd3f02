"""JSON on the pages of the admin is shown as it reads: 李某梅, not \\u674e\\u67d0\\u6885."""

import json
from typing import Any

import unfold.fields
from django.utils.safestring import SafeString
from unfold.utils import prettify_json


class Readable(json.JSONEncoder):
    """Writes every letter as itself."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"ensure_ascii": False})


def show_json_readably() -> None:
    """Have unfold write fields that name no encoder of their own with ours."""

    def shown(data: Any, encoder: type[json.JSONEncoder] | None) -> SafeString | None:
        text: SafeString | None = prettify_json(data, encoder or Readable)
        return text

    unfold.fields.prettify_json = shown
