"""How the process that executes a run is started: the interface and its implementations."""

from __future__ import annotations
