"""SDK objects to protobuf messages and back: the only place that knows both.

One module a noun. The child of the code server and the client use it; the server's front passes
encoded messages through without looking inside.
"""

from __future__ import annotations
