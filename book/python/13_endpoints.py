"""The lesson of chapter 13 in Python: a service whose dependency checks, whose middleware gives up, and whose order goes on.

    python3 book/python/13_endpoints.py

Without FastAPI, so that it runs anywhere: `Depends` is a function that raises, and a middleware is a function around the
handler.
"""

import asyncio
from contextlib import asynccontextmanager

import stage

KEY = "key-of-the-shop"
BOOKS = {7: 0.2, 8: 60}


class HTTPException(Exception):
    def __init__(self, status):
        self.status = status


# ANCHOR: program
def member(key):
    if key != KEY:
        raise HTTPException(401)


@asynccontextmanager
async def session(log):
    log.append("opened")
    try:
        yield
    finally:
        # A task that is cancelled gets here too, and may still await.
        log.append("closed")


async def one(key, book):
    member(key)
    if book not in BOOKS:
        raise HTTPException(404)
    await asyncio.sleep(BOOKS[book])
    return 200


async def in_time(handler):
    try:
        return await asyncio.wait_for(handler, 1)
    except TimeoutError:
        return 504
    except HTTPException as error:
        return error.status


async def order(done):
    for call in ["reserve", "pay"]:
        await asyncio.sleep(0.2)
        done.append(call)


async def in_the_handler(done, log):
    async with session(log):
        await order(done)


async def in_a_task(done, log):
    # `shield` keeps a cancellation from the task that it waits for.
    await asyncio.shield(asyncio.create_task(in_the_handler(done, log)))
# ANCHOR_END: program


async def main():
    for key, book in [(KEY, 7), ("guess", 7), (KEY, 9), (KEY, 8)]:
        status = None

        async def ask():
            nonlocal status
            status = await in_time(one(key, book))

        took = await stage.timed(ask())
        print(f"GET /books/{book}: {status} after {took:.1f} s")
    for how, handler in [("the handler", in_the_handler), ("a task", in_a_task)]:
        done, log = [], []
        request = asyncio.create_task(handler(done, log))
        await asyncio.sleep(0.3)
        # What an ASGI server may do when the client hangs up. FastAPI lets the endpoint run on.
        request.cancel()
        await asyncio.sleep(0.3)
        print(f"Awaited in {how}: {len(done)} of 2 calls, session {' and '.join(log)}")


stage.run(main())
