"""The lesson of chapter 08 in Python: a heart that beats beside blocking code, and code that gives way.

    python3 book/python/08_blocking.py
"""

import asyncio
import threading
import time

import stage


# ANCHOR: program
async def blocks():
    time.sleep(1)


async def inline(step):
    for _ in range(8):
        step()


async def on_another_thread(step):
    for _ in range(8):
        await asyncio.to_thread(step)


async def cooperative(step):
    for _ in range(8):
        step()
        await asyncio.sleep(0)
# ANCHOR_END: program


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


class Heart:
    """A task that counts how often it gets its turn."""

    def __init__(self):
        self.beats = 0
        self.thread = threading.get_ident()
        self.steps = []

    async def beat(self):
        while True:
            self.beats += 1
            await asyncio.sleep(0)

    def step(self):
        """Computes. On another thread than the heart's, a step lasts until the heart has beaten."""
        before = self.beats
        fib(15)
        here = threading.get_ident() == self.thread
        while not here and self.beats == before:
            time.sleep(0)
        self.steps.append((before, self.beats, here))

    def line(self):
        """Where the heart beat: within a step, or, on its own thread, between two.

        Steps on another thread follow each other at once, and the line goes on.
        """
        line = ""
        for index, (before, after, here) in enumerate(self.steps):
            if index > 0:
                beaten = before > self.steps[index - 1][1] if here else after > before
                line += "/\\" if beaten else "__"
            line += "/\\" if after > before else "__"
        return line


async def ticks_during(request):
    ticks = 0

    async def tick():
        nonlocal ticks
        while True:
            await asyncio.sleep(0.1)
            # Where both are ready at once, the request ends before the tenth tick.
            await asyncio.sleep(0)
            ticks += 1

    ticker = asyncio.create_task(tick())
    await asyncio.sleep(0)
    await request
    ticker.cancel()
    return ticks


async def beats_during(name, way):
    heart = Heart()
    beating = asyncio.create_task(heart.beat())
    await way(heart.step)
    beating.cancel()
    none = heart.steps[-1][1] == heart.steps[0][0]
    place = "the loop's thread" if heart.steps[0][2] else "another thread"
    print(f"{name:18} {heart.line()}  {'0' if none else 'some':>6} beats, computed on {place}")


async def main():
    print(f"time.sleep         {await ticks_during(blocks())} ticks")
    print(f"asyncio.sleep      {await ticks_during(asyncio.sleep(1))} ticks")
    await beats_during("async def", inline)
    await beats_during("to_thread", on_another_thread)
    await beats_during("sleep(0)", cooperative)


stage.run(main())
