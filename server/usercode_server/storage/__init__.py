"""Where runs and their events are kept: the :class:`Store` interface and its implementations."""

from __future__ import annotations
