"""The lesson of chapter 10 in Python: a reader whose calls are cancelled, and two ways to clean up.

    python3 book/python/10_cancellation.py
"""

import asyncio
import contextlib

import stage


async def letters(stream):
    for letter in b"rustwaitpollwake":
        await asyncio.sleep(0.01)
        stream.feed_data(bytes([letter]))
    stream.feed_eof()


# ANCHOR: program
async def words(stream):
    """Reads words of four letters. A call that takes more than 34 ms is cancelled, and made again."""
    words = []
    while True:
        try:
            async with asyncio.timeout(0.034):
                words.append((await stream.readexactly(4)).decode())
        except TimeoutError:
            pass  # What has come is still in the buffer of the stream.
        except asyncio.IncompleteReadError:
            return words


@contextlib.asynccontextmanager
async def lease(log):
    log.append("taken")
    try:
        yield
    finally:
        # A `finally` may await: the task that was cancelled goes on until it ends.
        await asyncio.sleep(0.03)
        log.append("back")


async def work(log):
    async with lease(log):
        await asyncio.sleep(60)
# ANCHOR_END: program


async def main():
    stream = asyncio.StreamReader()
    feeding = asyncio.create_task(letters(stream))
    print(await words(stream))
    await feeding

    log = []

    async def cancelled():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(work(log), 0.1)

    took = await stage.timed(cancelled())
    print(f"{log} after {took:.2f} s, with a limit of 0.10 s")


stage.run(main())
