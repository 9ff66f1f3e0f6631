"""One module a topic; each has ``measure(bench)``, which yields rows of the report."""

from __future__ import annotations
