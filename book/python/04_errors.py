"""The lesson of chapter 04 in Python: five calls of which two fail, under each policy.

    python3 book/python/04_errors.py
"""

import asyncio

import stage

URLS = [("urls/1", 0.3), ("urls/2", 0.1), ("urls/3", 0.2), ("urls/4", 0.4), ("urls/5", 0.5)]
FAILING = {"urls/2", "urls/4"}
ended = []


# ANCHOR: program
async def get(url, latency):
    outcome = "dropped"
    try:
        await asyncio.sleep(latency)
        outcome = "finished"
    finally:
        ended.append(outcome)
    if url in FAILING:
        raise ConnectionError(url)
    return url


async def every_result():
    results = await asyncio.gather(*(get(*call) for call in URLS), return_exceptions=True)
    errors = [result for result in results if isinstance(result, BaseException)]
    return f"{len(results) - len(errors)} pages, {len(errors)} errors"


async def gather():
    try:
        return await asyncio.gather(*(get(*call) for call in URLS))
    except ConnectionError as error:
        return f"{error} failed"


async def task_group():
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(get(*call)) for call in URLS]
        return [task.result() for task in tasks]
    except* ConnectionError as errors:
        failed = ", ".join(str(error) for error in errors.exceptions)
    return f"{failed} failed"


async def first_success():
    tasks = [asyncio.create_task(get(*call)) for call in URLS]
    try:
        for task in asyncio.as_completed(tasks):
            try:
                return await task
            except ConnectionError:
                pass  # The others may yet succeed.
    finally:
        for task in tasks:
            task.cancel()
# ANCHOR_END: program


async def main():
    for policy in (every_result, gather, task_group, first_success):
        ended.clear()
        task = asyncio.create_task(policy())
        took = await stage.timed(task)
        await asyncio.sleep(0)  # Cancelled tasks end when the loop next gets to them.
        dropped, before = ended.count("dropped"), len(ended)
        await asyncio.sleep(1)
        left = len(ended) - before
        print(f"{policy.__name__:13}  {took:.1f} s   {dropped} dropped   {left} left running   {task.result()}")


stage.run(main())
