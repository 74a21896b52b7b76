"""The scenarios of `cargo bench` in asyncio: reads JSON from standard input, writes JSON.

    echo '{"scenarios": [[0.05, 0.03, 0.02]], "growth": [10], "wait": 0.1}' | python3 benches/gather.py
"""

import asyncio
import json
import resource
import statistics
import sys
import time

ROUNDS = 5


async def in_turn(waits):
    for wait in waits:
        await asyncio.sleep(wait)


async def gathered(waits):
    await asyncio.gather(*(asyncio.sleep(wait) for wait in waits))


async def median(run, waits):
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        await run(waits)
        took.append(time.perf_counter() - start)
    return statistics.median(took)


async def measure(orders):
    scenarios = [[await median(in_turn, waits), await median(gathered, waits)] for waits in orders["scenarios"]]
    growth = []
    for count in orders["growth"]:
        start = time.perf_counter()
        await gathered([orders["wait"]] * count)
        took = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        # macOS counts in bytes, Linux in KiB.
        growth.append([took, peak // 1024 if sys.platform == "darwin" else peak])
    return {"scenarios": scenarios, "growth": growth}


json.dump(asyncio.run(measure(json.load(sys.stdin))), sys.stdout)
