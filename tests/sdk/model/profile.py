"""How many pipelines are drawn: few and always the same ones, or many and new ones.

``USERCODE_MODEL_PROFILE=long`` draws many, larger, and each time others; a failure prints the drawn pipeline as
data and how to draw it again.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

IS_LONG = os.environ.get("USERCODE_MODEL_PROFILE", "") == "long"
MAX_STEPS = 40 if IS_LONG else 12


def examples(count: int) -> settings:
    """Settings for ``count`` examples; in the long profile for ten times as many."""
    return settings(
        max_examples=count * 10 if IS_LONG else count,
        derandomize=not IS_LONG,
        print_blob=IS_LONG,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
