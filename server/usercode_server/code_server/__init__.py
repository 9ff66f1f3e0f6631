"""The code server: a front that answers clients, and a child that holds the author's code.

In the front: ``front`` builds the gRPC server, its health, and the way it stops; ``handlers`` and ``service`` answer
calls; ``watching`` keeps the open streams; ``hosting`` keeps what is served now and replaces it; ``listing`` is what is
served without asking the child; ``process`` is the handle on one child, ``output`` what that prints.
In the child: ``child`` loads the code and talks to the front, ``listing_builder`` makes the listing, ``evaluation``
answers the calls that need the code. ``framing`` is how the two talk.
"""

from __future__ import annotations
