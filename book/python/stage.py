"""What the Python programs of the book run on: asyncio, in real time or on a virtual clock.

With WORKBOOK_CLOCK=virtual, time jumps to the next timer whenever every task waits, as it does on
tokio's paused clock, so that the figures are exact and a test can compare them.
"""

import asyncio
import os
import selectors


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop that never waits: where it would, its clock moves on."""

    def __init__(self):
        self._now = 0.0
        loop = self

        class Selector(selectors.SelectSelector):
            def select(self, timeout=None):
                if timeout:
                    loop._now += timeout
                return super().select(0)

        super().__init__(Selector())

    def time(self):
        return self._now


def run(program):
    virtual = os.environ.get("WORKBOOK_CLOCK") == "virtual"
    with asyncio.Runner(loop_factory=VirtualLoop if virtual else None) as runner:
        return runner.run(program)


async def timed(awaitable):
    """How many seconds `awaitable` took."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    await awaitable
    return loop.time() - start
