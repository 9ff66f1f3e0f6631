"""The config schema of definitions that give none but may still be given a config."""

from __future__ import annotations

from typing import Any

from usercode_sdk.config import Field

ANY_CONFIG = Field(Any, is_required=False)
