"""The waits of `cargo bench` in asyncio: reads an order as JSON from standard input, writes what came of it.

    echo '{"waits": {"waits": [0.05, 0.03, 0.02], "at_once": 3}}' | python3 benches/gather.py
    echo '{"growth": {"count": 100000, "wait": 0.1}}' | python3 benches/gather.py
"""

import asyncio
import json
import pathlib
import statistics
import sys
import time

ROUNDS = 5
# What takes longer than this is not measured again: it hardly varies.
ENOUGH = 2.0


async def gathered(waits):
    await asyncio.gather(*(asyncio.sleep(wait) for wait in waits))


async def under_limit(waits, limit):
    permits = asyncio.Semaphore(limit)

    async def call(wait):
        async with permits:
            await asyncio.sleep(wait)

    await asyncio.gather(*(call(wait) for wait in waits))


async def in_turn(waits):
    for wait in waits:
        await asyncio.sleep(wait)


def run_of(waits, at_once):
    if at_once == 1:
        return in_turn(waits)
    if at_once >= len(waits):
        return gathered(waits)
    return under_limit(waits, at_once)


async def seconds(run):
    start = time.perf_counter()
    await run
    return time.perf_counter() - start


async def measure(order):
    if growth := order.get("growth"):
        return await seconds(gathered([growth["wait"]] * growth["count"]))
    took = []
    while len(took) < ROUNDS and sum(took) < ENOUGH:
        took.append(await seconds(run_of(**order["waits"])))
    return statistics.median(took)


def peak_kib():
    """The most memory that this process had, or 0. `ru_maxrss` would count what started it, too."""
    try:
        status = pathlib.Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


took = asyncio.run(measure(json.load(sys.stdin)))
json.dump({"seconds": took, "peak_kib": peak_kib()}, sys.stdout)
