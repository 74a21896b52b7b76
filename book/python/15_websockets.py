"""The lesson of chapter 15 in Python: six messages to two peers, of which one reads slowly.

    python3 book/python/15_websockets.py
"""

import asyncio

import stage


class Peer:
    """Reads a message, and rests. A queue of 1 stands for the way to it, on which there's room for one message."""

    def __init__(self, rest):
        self.rest = rest
        self.way = asyncio.Queue(maxsize=1)
        self.got = 0
        self.task = asyncio.create_task(self.read())

    async def send(self, message):
        await self.way.put(message)

    async def read(self):
        loop = asyncio.get_running_loop()
        start = loop.time()
        while True:
            await self.way.get()
            self.got += 1
            self.last = loop.time() - start
            await asyncio.sleep(self.rest)


async def numbers():
    for number in range(1, 7):
        yield number
        await asyncio.sleep(0.04)


# ANCHOR: program
async def in_turn(ben, ada):
    async for number in numbers():
        for peer in (ben, ada):
            await peer.send(number)


async def with_outboxes(ben, ada):
    async def empty(outbox, peer):
        while True:
            await peer.send(await outbox.get())

    outboxes = [asyncio.Queue(maxsize=1), asyncio.Queue(maxsize=1)]
    async with asyncio.TaskGroup() as tasks:
        senders = [tasks.create_task(empty(*pair)) for pair in zip(outboxes, (ben, ada))]
        async for number in numbers():
            for outbox in outboxes:
                if outbox.full():
                    outbox.get_nowait()  # The oldest makes way.
                outbox.put_nowait(number)
        for sender in senders:
            sender.cancel()
# ANCHOR_END: program


async def main():
    for title, way in (("Each send in turn", in_turn), ("Outboxes of 1", with_outboxes)):
        ben, ada = Peer(0.25), Peer(0)
        await way(ben, ada)
        await asyncio.sleep(1)
        print(f"{title}: ada had all {ada.got} after {ada.last:.2f} s")
        ben.task.cancel()
        ada.task.cancel()


stage.run(main())
