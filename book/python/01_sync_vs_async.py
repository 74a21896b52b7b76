"""The lesson of chapter 01 in Python: three calls of 1 s, blocking, awaited one by one, and gathered.

    python3 book/python/01_sync_vs_async.py

takes 10 s. With WORKBOOK_CLOCK=virtual it ends at once.
"""

import asyncio
import time

import stage

PATHS = ["users", "posts", "comments"]
calls = 0


def block(seconds):
    """`time.sleep`. On the virtual clock, which would not see that time pass, it moves the clock on."""
    loop = asyncio.get_running_loop()
    if isinstance(loop, stage.VirtualLoop):
        loop._now += seconds
    else:
        time.sleep(seconds)


# ANCHOR: program
def fetch_blocking(path):
    block(1)  # As `time.sleep`, or `requests.get`: the thread is in there until it is over.
    return path


async def fetch(path):
    global calls
    calls += 1
    await asyncio.sleep(1)
    return path


async def blocking():
    return [fetch_blocking(path) for path in PATHS]


async def one_by_one():
    return [await fetch(path) for path in PATHS]


async def gathered():
    return await asyncio.gather(*(fetch(path) for path in PATHS))
# ANCHOR_END: program


async def watch(title, way):
    """Times one way, and counts how often another task had the thread meanwhile."""
    turns = 0

    async def other():
        nonlocal turns
        while True:
            await asyncio.sleep(0.35)
            turns += 1

    task = asyncio.create_task(other())
    took = await stage.timed(way())
    task.cancel()
    print(f"{title:20} {took:.1f} s   and {turns} turns for another task on the thread")


# ANCHOR: when
async def when():
    global calls
    calls = 0
    coroutine = fetch("users")
    await asyncio.sleep(1)
    print(f"a coroutine, a second after it was made: {calls} calls")
    await coroutine
    print(f"the same, awaited: {calls} call")

    calls = 0
    task = asyncio.create_task(fetch("users"))
    print(f"a task, as soon as it is made: {calls} calls")
    await asyncio.sleep(1)
    print(f"the same, a second later, awaited by nobody: {calls} call")
    await task
# ANCHOR_END: when


async def main():
    await watch("blocking", blocking)
    await watch("awaited one by one", one_by_one)
    await watch("gathered", gathered)
    await when()


stage.run(main())
