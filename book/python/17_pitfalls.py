"""The lesson of chapter 17 in Python: pitfalls, each run wrong and then right.

    python3 book/python/17_pitfalls.py

Those of HTTP clients and databases need libraries; these need asyncio alone.
"""

import asyncio
import time
import warnings

import stage


# ANCHOR: program
async def wrong_never_awaited(calls):
    for part in ["titles", "reviews", "related"]:
        calls.fetch(part)  # RuntimeWarning: coroutine 'Calls.fetch' was never awaited


async def right_never_awaited(calls):
    for part in ["titles", "reviews", "related"]:
        await calls.fetch(part)


async def wrong_in_sequence(calls):
    for part in ["titles", "reviews", "related"]:
        await calls.fetch(part)


async def right_in_sequence(calls):
    await asyncio.gather(*(calls.fetch(part) for part in ["titles", "reviews", "related"]))


async def wrong_limit_per_call(calls):
    async def shelf():
        await fetch_six(calls, asyncio.Semaphore(4))

    await asyncio.gather(shelf(), shelf(), shelf())


async def right_limit_per_call(calls):
    limit = asyncio.Semaphore(4)
    await asyncio.gather(*(fetch_six(calls, limit) for _ in range(3)))


async def wrong_outcome_ignored(log):
    asyncio.create_task(mail())  # its exception is shown when the task is collected, if ever


kept = set()  # The event loop does not keep its tasks alive: somebody else has to.


async def right_outcome_ignored(log):
    task = asyncio.create_task(mail())
    kept.add(task)
    task.add_done_callback(lambda task: ended(task, log))


def ended(task, log):
    kept.discard(task)
    if not task.cancelled() and (error := task.exception()):
        log.append(str(error))
# ANCHOR_END: program


async def fetch_six(calls, limit):
    async def one():
        async with limit:
            await calls.fetch("titles")

    await asyncio.gather(*(one() for _ in range(6)))


async def mail():
    raise ConnectionError("the mail server refuses mail to nobody@example.org")


class Calls:
    """Another service, which counts how it is called."""

    def __init__(self):
        self.hits = self.now = self.most = 0

    async def fetch(self, path):
        self.hits += 1
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.1)
        self.now -= 1


async def watched(way):
    calls = Calls()
    await way(calls)
    return calls


async def lines_in_the_log(way):
    log = []
    await way(log)
    await asyncio.sleep(0.02)
    return log


async def beats_beside(work):
    beats = 0

    async def beat():
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0)

    beating = asyncio.create_task(beat())
    await asyncio.sleep(0)
    before = beats
    await work
    beating.cancel()
    return "more than 0" if beats > before else "0"


async def blocks():
    time.sleep(0.02)


async def gives_way():
    await asyncio.to_thread(time.sleep, 0.02)


PLAIN_DEF = """
def users():
    return await fetch()
"""


def compiled(program):
    try:
        compile(program, "program", "exec")
    except SyntaxError as error:
        return f"SyntaxError: {error.msg}"
    return "it compiles"


def compare(pitfall, wrong, right):
    print(f"{pitfall}\n    wrong   {wrong}\n    right   {right}")


async def main():
    warnings.simplefilter("ignore", RuntimeWarning)
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    wrong, right = await watched(wrong_never_awaited), await watched(right_never_awaited)
    compare("future never awaited", f"{wrong.hits} calls", f"{right.hits} calls")
    print(f"await outside async code\n    {compiled(PLAIN_DEF)}")
    wrong, right = await beats_beside(blocks()), await beats_beside(gives_way())
    compare("blocking call in async code", f"{wrong} beats", f"{right} beats")
    wrong, right = await watched(wrong_in_sequence), await watched(right_in_sequence)
    compare("independent calls in sequence", f"{wrong.most} in flight", f"{right.most} in flight")
    wrong, right = await lines_in_the_log(wrong_outcome_ignored), await lines_in_the_log(right_outcome_ignored)
    compare("task outcome ignored", f"{len(wrong)} lines in the log", f"{len(right)} line in the log: {right[0]}")
    wrong, right = await watched(wrong_limit_per_call), await watched(right_limit_per_call)
    compare("limit per call", f"{wrong.most} calls at once", f"{right.most} calls at once")


stage.run(main())
