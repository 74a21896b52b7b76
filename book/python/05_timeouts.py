"""The lesson of chapter 05 in Python: a slow call under three policies.

    python3 book/python/05_timeouts.py
"""

import asyncio

import stage


class Upstream:
    """Its first `fetch` takes 0.8 s, and whatever else it is asked 0.1 s."""

    def __init__(self):
        self.calls = 0

    async def session(self):
        await asyncio.sleep(0.1)

    async def fetch(self):
        self.calls += 1
        await asyncio.sleep(0.8 if self.calls == 1 else 0.1)
        return "a page"


# ANCHOR: program
async def both(upstream):
    try:
        # One limit for both calls. What is under way in the block is cancelled when the time is up.
        async with asyncio.timeout(0.3):
            await upstream.session()
            return await upstream.fetch()
    except TimeoutError:
        return "nothing"


async def retried(upstream):
    wait = 0.1
    try:
        async with asyncio.timeout(1.0):
            while True:
                try:
                    # The same for one awaitable.
                    return await asyncio.wait_for(upstream.fetch(), 0.2)
                except TimeoutError:
                    await asyncio.sleep(wait)
                    wait *= 2
    except TimeoutError:
        return "nothing"


async def hedged(upstream):
    async with asyncio.TaskGroup() as group:
        calls = [group.create_task(upstream.fetch())]
        # `asyncio.wait` cancels nothing when its time is up.
        done, _ = await asyncio.wait(calls, timeout=0.2)
        if not done:
            calls.append(group.create_task(upstream.fetch()))
            done, _ = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        # Nobody drops the other one for you.
        for call in calls:
            call.cancel()
    return done.pop().result()
# ANCHOR_END: program


async def main():
    for title, policy in [
        ("Two calls, 0.3 s in all", both),
        ("Retries, 0.2 s each", retried),
        ("Hedged after 0.2 s", hedged),
    ]:
        result = None

        async def run():
            nonlocal result
            result = await policy(Upstream())

        took = await stage.timed(run())
        print(f"{title}: {result} after {took:.1f} s")


stage.run(main())
