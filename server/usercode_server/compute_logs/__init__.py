"""What steps print and log, kept apart from their events: the interface and its implementations."""

from __future__ import annotations
