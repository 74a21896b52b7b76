"""The lesson of chapter 18 in Python: pools of several sizes, a line before a server, and a load measured in two ways.

    python3 book/python/18_performance.py
"""

import asyncio
import math

import stage


# ANCHOR: program
async def over_a_pool(connections):
    pool = asyncio.Semaphore(connections)

    async def query():
        async with pool:
            await asyncio.sleep(0.010)

    return await stage.timed(asyncio.gather(*(query() for _ in range(100))))


async def one_after_another(server):
    start, latencies = now(), []
    for request in range(200):
        await sleep_until(start + 0.005 * request)
        # While the server stands still, this makes no other request, and so measures none.
        latencies.append(await stage.timed(server.call()))
    return latencies


async def each_when_due(server):
    start, requests = now(), []
    for request in range(200):
        await sleep_until(start + 0.005 * request)
        requests.append(asyncio.create_task(stage.timed(server.call())))
    return await asyncio.gather(*requests)
# ANCHOR_END: program


def now():
    return asyncio.get_running_loop().time()


async def sleep_until(time):
    await asyncio.sleep(max(0, time - now()))


class Server:
    """Takes 2 ms for a request, and stands still from 0.25 s to 0.8 s after the first one."""

    def __init__(self):
        self.first = None

    async def call(self):
        if self.first is None:
            self.first = now()
        arrived = now() - self.first
        ends = arrived + 0.002
        # A little room, since these floats aren't exact.
        if arrived < 0.8 - 1e-9 and ends > 0.25 + 1e-9:
            ends = 0.8 + ends - max(arrived, 0.25)
        await sleep_until(self.first + ends)


def shown(seconds):
    millis = math.floor(seconds * 1000 + 0.5)
    return f"{millis} ms" if millis < 100 else f"{millis / 1000} s"


def report(how, latencies):
    latencies = sorted(latencies)
    p50, p99, longest = (shown(latencies[len(latencies) // 100 * percent - 1]) for percent in (50, 99, 100))
    print(f"{how:20} p50 {p50:8} p99 {p99:8} longest {longest}")


async def main():
    for connections in (1, 5, 10, 20, 50, 100):
        print(f"{connections:>3} connections   {shown(await over_a_pool(connections))}")
    report("one after another", await one_after_another(Server()))
    report("each when it's due", await each_when_due(Server()))


stage.run(main())
