"""What the page for readers who come from Python shows of asyncio.

    python3 book/python/from_python.py
"""

import asyncio

import stage


# ANCHOR: fetch
async def fetch(path, latency):
    await asyncio.sleep(latency)
    return path


async def fail(path, latency):
    await asyncio.sleep(latency)
    raise ConnectionError(path)
# ANCHOR_END: fetch


# ANCHOR: made
async def made_now_awaited_later():
    coroutine = fetch("users", 0.5)  # Nothing of it runs.
    task = asyncio.create_task(fetch("posts", 0.5))  # The event loop runs it.
    await asyncio.sleep(0.5)
    posts = await task  # Its answer is there.
    return await coroutine, posts  # The other call takes its 0.5 s from here.
# ANCHOR_END: made


# ANCHOR: gather
async def gathered():
    return await asyncio.gather(fetch("users", 0.5), fetch("posts", 0.3))


async def gathered_many(paths):
    return await asyncio.gather(*(fetch(path, 0.1) for path in paths))
# ANCHOR_END: gather


# ANCHOR: failing
async def save(saved):
    await asyncio.sleep(0.3)
    saved.append("saved")


async def all_or_error(saved):
    await asyncio.gather(save(saved), fail("posts", 0.1))


async def every_result(saved):
    calls = save(saved), fail("posts", 0.1)
    return await asyncio.gather(*calls, return_exceptions=True)


async def in_a_group(saved):
    async with asyncio.TaskGroup() as group:
        group.create_task(save(saved))
        group.create_task(fail("posts", 0.1))
# ANCHOR_END: failing


# ANCHOR: cancel
async def work(log):
    try:
        await asyncio.sleep(10)
        log.append("done")
    finally:
        await asyncio.sleep(0.2)  # Cleaning up may await, and takes its time.
        log.append("given back")


async def give_up(log):
    async with asyncio.timeout(1):
        await work(log)
# ANCHOR_END: cancel


# ANCHOR: shield
kept = set()  # The event loop does not keep its tasks alive: somebody else has to.


async def shielded(log):
    task = asyncio.create_task(work(log))
    kept.add(task)
    task.add_done_callback(kept.discard)
    async with asyncio.timeout(1):
        await asyncio.shield(task)
# ANCHOR_END: shield


# ANCHOR: errors
async def greeting(users, user_id):
    name = users[user_id]  # Raises KeyError: the signature does not say so.
    title = await fetch("Dr", 0.1)
    return f"Hello {title} {name}"
# ANCHOR_END: errors


# ANCHOR: to_thread
def fib(number):
    return number if number < 2 else fib(number - 1) + fib(number - 2)


async def beside_the_loop(number):
    return await asyncio.to_thread(fib, number)
# ANCHOR_END: to_thread


# ANCHOR: semaphore
async def limited(paths, limit):
    permits = asyncio.Semaphore(limit)

    async def one(path):
        async with permits:
            return await fetch(path, 0.1)

    return await asyncio.gather(*(one(path) for path in paths))
# ANCHOR_END: semaphore


# ANCHOR: queue
async def through_a_queue(jobs):
    queue = asyncio.Queue(maxsize=2)

    async def producer():
        for job in range(1, jobs + 1):
            await queue.put(job)  # Waits while two are queued.
        await queue.put(None)  # The consumer has to be told that this was the last.

    async def consumer():
        total = 0
        while (job := await queue.get()) is not None:
            total += job
        return total

    _, total = await asyncio.gather(producer(), consumer())
    return total
# ANCHOR_END: queue


# ANCHOR: pages
async def pages(last):
    for number in range(1, last + 1):
        await asyncio.sleep(0.1)
        yield number
# ANCHOR_END: pages


async def caught(awaitable):
    """The name of what `awaitable` raised, or nothing."""
    try:
        await awaitable
    except (Exception, asyncio.CancelledError) as error:
        return type(error).__name__
    return "nothing"


async def failing(policy):
    saved = []
    raised = asyncio.create_task(caught(policy(saved)))
    seconds = await stage.timed(raised)
    await asyncio.sleep(1)
    name = policy.__name__
    print(f"{name:12}  raised {raised.result():15}  after {seconds:.1f} s   siblings that finished: {len(saved)}")


async def main():
    print(f"made, then awaited   {await stage.timed(made_now_awaited_later()):.1f} s")
    print(f"gathered             {await stage.timed(gathered()):.1f} s")
    print(f"gathered, many       {await stage.timed(gathered_many(['a', 'b'])):.1f} s")
    print(f"five, at most two    {await stage.timed(limited('abcde', 2)):.1f} s")
    print()
    for policy in (all_or_error, every_result, in_a_group):
        await failing(policy)
    print()
    for way in (give_up, shielded):
        log = []
        raised = asyncio.create_task(caught(way(log)))
        seconds = await stage.timed(raised)
        at_once = list(log)
        await asyncio.sleep(20)
        print(f"{way.__name__:8}  raised {raised.result()} after {seconds:.1f} s   by then {at_once}, later {log}")
    print()
    print(await greeting({1: "Ada"}, 1), "and", await caught(greeting({1: "Ada"}, 2)))
    print("fib(20) =", await beside_the_loop(20))
    print("through a queue:", await through_a_queue(4))
    print("pages:", [number async for number in pages(3)])


stage.run(main())
