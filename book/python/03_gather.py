"""The lesson of chapter 03 in Python: three waits in turn, and gathered.

    python3 book/python/03_gather.py
"""

import asyncio

import stage

# ANCHOR: program
async def fetch(path, latency):
    await asyncio.sleep(latency)
    return path


async def in_turn():
    users = await fetch("users", 0.5)
    posts = await fetch("posts", 0.3)
    comments = await fetch("comments", 0.2)
    return [users, posts, comments]


async def gathered():
    return await asyncio.gather(
        fetch("users", 0.5),
        fetch("posts", 0.3),
        fetch("comments", 0.2),
    )
# ANCHOR_END: program


async def main():
    slow = await stage.timed(in_turn())
    fast = await stage.timed(gathered())
    print(f"in turn {slow:.1f} s   gathered {fast:.1f} s   {slow / fast:.1f} times as fast")


stage.run(main())
