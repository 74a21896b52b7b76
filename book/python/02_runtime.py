"""The lesson of chapter 02 in Python: which thread runs what, and two errors.

    python3 book/python/02_runtime.py
"""

import asyncio
import threading

import stage


def thread():
    return "main" if threading.current_thread() is threading.main_thread() else "another thread"


# ANCHOR: program
async def work(name):
    before = thread()
    await asyncio.sleep(0.1)
    print(f"  {name}   run by {before}, then by {thread()}")


def from_a_thread(loop):
    # The loop's own thread runs the work; this one waits for the result.
    asyncio.run_coroutine_threadsafe(work("from a thread"), loop).result()


async def program():
    async with asyncio.TaskGroup() as group:
        group.create_task(work("task a"))
        group.create_task(work("task b"))
    await asyncio.to_thread(from_a_thread, asyncio.get_running_loop())
# ANCHOR_END: program


# ANCHOR: errors
def off_the_loop():
    asyncio.get_running_loop()


def nested():
    coroutine = work("never")
    try:
        asyncio.run(coroutine)
    finally:
        coroutine.close()
# ANCHOR_END: errors


def error_of(function):
    try:
        function()
    except RuntimeError as error:
        return f"RuntimeError: {error}"


# ANCHOR: nobody
def nobody_runs_the_loop():
    steps = []

    async def step():
        steps.append(thread())

    loop = asyncio.new_event_loop()
    task = loop.create_task(step())
    print(f"On a loop that does not run:\n  run {len(steps)} times")
    loop.run_until_complete(task)
    print(f"As soon as main runs the loop:\n  run {len(steps)} time")
    loop.close()
# ANCHOR_END: nobody


async def main():
    print("The program on asyncio:")
    await program()
    print(f"asyncio.run inside asyncio.run:\n  {error_of(nested)}")


nobody_runs_the_loop()
print(f"No loop on this thread:\n  {error_of(off_the_loop)}")
stage.run(main())
