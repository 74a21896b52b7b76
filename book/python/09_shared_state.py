"""The lesson of chapter 09 in Python: ten payments with the lock held, ten with it released, and an actor.

    python3 book/python/09_shared_state.py
"""

import asyncio

import stage

CALL = 0.1


# ANCHOR: program
async def held(lock, seats):
    async with lock:
        seat = seats.pop()
        await asyncio.sleep(CALL)  # pays, and everybody else waits
    return seat


async def released(seats):
    # No await between looking and taking, so no other coroutine runs in between: there's no lock.
    seat = seats.pop()
    await asyncio.sleep(CALL)
    return seat


async def actor(mailbox):
    printed = 0
    while (seat := await mailbox.get()) is not None:
        await asyncio.sleep(CALL)  # prints
        printed += 1
    return printed
# ANCHOR_END: program


async def print_six():
    mailbox = asyncio.Queue(maxsize=2)
    async with asyncio.TaskGroup() as tasks:
        printed = tasks.create_task(actor(mailbox))
        for seat in range(1, 7):
            await mailbox.put(seat)
        # A queue doesn't know whether anybody will put something there. The end is a message, too.
        await mailbox.put(None)
    return printed.result()


async def main():
    lock, seats = asyncio.Lock(), list(range(10))
    took = await stage.timed(asyncio.gather(*(held(lock, seats) for _ in range(10))))
    print(f"10 payments, the lock held: {took:.1f} s")
    seats = list(range(10))
    took = await stage.timed(asyncio.gather(*(released(seats) for _ in range(10))))
    print(f"10 payments, the lock released: {took:.1f} s")
    took = await stage.timed(print_six())
    print(f"6 tickets, a mailbox for 2: {took:.1f} s")


stage.run(main())
