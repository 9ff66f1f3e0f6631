"""``python -m usercode_server`` is the ``usercode`` command."""

from __future__ import annotations

import sys

from usercode_server.cli import main

if __name__ == "__main__":
    sys.exit(main())
