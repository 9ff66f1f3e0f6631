"""The code server: a front that answers clients, and a child that holds the author's code.

- :mod:`~usercode_server.code_server.front` builds the gRPC server, its health, and the way it stops;
- :mod:`~usercode_server.code_server.service` answers the calls: decode, look up, encode;
- :mod:`~usercode_server.code_server.hosting` keeps what is served now, loads it and replaces it;
- :mod:`~usercode_server.code_server.process` is the front's handle on one child process;
- :mod:`~usercode_server.code_server.child` is what runs in that process, the only place that runs user code;
- :mod:`~usercode_server.code_server.framing` is how the two talk;
- :mod:`~usercode_server.code_server.listing` is what the child made ready to be served.
"""

from __future__ import annotations
