"""The lesson of chapter 03 in Python: three waits in turn, and gathered.

    python3 book/python/03_gather.py
"""

import asyncio

import stage

DASHBOARD = [("users", 0.5), ("posts", 0.3), ("comments", 0.2)]


# ANCHOR: program
async def fetch(path, latency):
    await asyncio.sleep(latency)
    return path


async def in_turn():
    return [await fetch(path, latency) for path, latency in DASHBOARD]


async def gathered():
    return await asyncio.gather(*(fetch(path, latency) for path, latency in DASHBOARD))
# ANCHOR_END: program


async def main():
    slow = await stage.timed(in_turn())
    fast = await stage.timed(gathered())
    print(f"in turn {slow:.1f} s   gathered {fast:.1f} s   {slow / fast:.1f} times as fast")


stage.run(main())
