"""Tags of solids, pipelines and runs, checked where they are written."""

from __future__ import annotations

from usercode_sdk.tags.validation import validate_tags

__all__ = ["validate_tags"]
