"""What is run in processes of their own, some of them by another interpreter with another library."""

from __future__ import annotations
