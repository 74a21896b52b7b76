"""The lesson of chapter 06 in Python: a hundred calls, one at a time, ten at a time, and all at once.

    python3 book/python/06_semaphores.py
"""

import asyncio
import os

import stage

# In real time each call is this much shorter, so that all of it takes two seconds; what it took is
# printed as many times longer.
SHORTER = 1 if os.environ.get("WORKBOOK_CLOCK") == "virtual" else 50


class Service:
    """Counts the calls in flight, and the most there ever were."""

    def __init__(self, latency):
        self.latency = latency
        self.in_flight = self.most = 0

    async def fetch(self, path):
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        await asyncio.sleep(self.latency)
        self.in_flight -= 1
        return path


# ANCHOR: program
async def handle(service, path, permits):
    async with permits:
        return await service.fetch(path)


async def limited(service, paths, limit):
    permits = asyncio.Semaphore(limit)
    async with asyncio.TaskGroup() as requests:
        for path in paths:
            requests.create_task(handle(service, path, permits))
# ANCHOR_END: program


async def main():
    paths = [f"calls/{call}" for call in range(100)]
    for title, latency in [("100 calls of 100 ms", 0.1), ("100 requests of 500 ms", 0.5)]:
        print(f"{title:22}", end="")
        most = []
        for name, limit in [("one at a time", 1), ("limit 10", 10), ("no limit", 100)]:
            service = Service(latency / SHORTER)
            took = await stage.timed(limited(service, paths, limit))
            print(f"   {name} {took * SHORTER:.1f} s", end="")
            most.append(service.most)
        print(f"   at most {most} in flight")


stage.run(main())
