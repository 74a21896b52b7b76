"""The lesson of chapter 07 in Python: tasks that are bounded, logged and drained.

    python3 book/python/07_background_tasks.py
"""

import asyncio

import stage


# ANCHOR: program
class Service:
    def __init__(self, room):
        self.room = room
        self.tasks = set()

    def send_later(self, to):
        if len(self.tasks) >= self.room:
            return False
        task = asyncio.create_task(send_mail(to), name=f"mail to {to}")
        # The event loop's own reference is a weak one: a task that nobody else holds may vanish half way.
        self.tasks.add(task)
        task.add_done_callback(self.ended)
        return True

    def ended(self, task):
        self.tasks.discard(task)
        how = "aborted" if task.cancelled() else task.exception() or "sent"
        print(f"log: {task.get_name()}: {how}")

    async def stop(self, grace):
        # From now on there is no room for anything.
        self.room = 0
        if self.tasks:
            _, late = await asyncio.wait(self.tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def send_mail(to):
    await asyncio.sleep(5 if to == "zoe" else 2)
    if to == "max":
        raise ConnectionError("the mail server refuses it")
    if to == "eve":
        raise AssertionError("the mailer has a fault")


async def before_the_response(to):
    await send_mail(to)
    return 202


async def after_the_response(service, to):
    return 202 if service.send_later(to) else 503
# ANCHOR_END: program


async def respond(path, handler):
    loop = asyncio.get_running_loop()
    start = loop.time()
    status = await handler
    print(f"{path}: {status} after {loop.time() - start:.1f} s")


async def others(service):
    for to in ["bob", "max", "eve", "zoe", "ian"]:
        await respond(f"/after/{to}", after_the_response(service, to))
    await asyncio.sleep(0.5)
    await service.stop(2)


async def main():
    both = asyncio.gather(respond("/before/ada", before_the_response("ada")), others(Service(4)))
    print(f"stopped at {await stage.timed(both):.1f} s")


stage.run(main())
