"""Executing runs from storage: the run worker, the step job, and recording what they do."""

from __future__ import annotations
