"""The lesson of chapter 11 in Python: three pages, loaded on demand, and by a task that runs ahead.

    python3 book/python/11_streams.py
"""

import asyncio

import stage


async def load(number):
    await asyncio.sleep(0.1)
    await asyncio.sleep(0.05 if number == 1 else 0.1)
    return f"page {number}"


async def save(page):
    await asyncio.sleep(0.2)


# ANCHOR: program
async def on_demand():
    for number in range(1, 4):
        yield await load(number)


async def on_a_task():
    pages = asyncio.Queue(maxsize=1)

    async def load_all():
        try:
            async for page in on_demand():
                await pages.put(page)
        finally:
            await pages.put(None)

    task = asyncio.create_task(load_all())
    try:
        while (page := await pages.get()) is not None:
            yield page
        await task
    finally:
        task.cancel()


async def save_all(pages):
    async for page in pages:
        await save(page)
# ANCHOR_END: program


async def main():
    print(f"On demand: {await stage.timed(save_all(on_demand())):.2f} s")
    print(f"A task, and a queue of 1: {await stage.timed(save_all(on_a_task())):.2f} s")


stage.run(main())
