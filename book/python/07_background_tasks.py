"""The lesson of chapter 07 in Python: tasks that are owned, drained and counted.

    python3 book/python/07_background_tasks.py
"""

import asyncio
from collections import Counter

import stage


# ANCHOR: program
class Background:
    def __init__(self):
        self.tasks = set()
        self.report = Counter()

    def submit(self, job):
        task = asyncio.create_task(job)
        # The event loop's own reference is a weak one: a task that nobody else holds may vanish half way.
        self.tasks.add(task)
        task.add_done_callback(self.ended)

    def ended(self, task):
        self.tasks.discard(task)
        how = "aborted" if task.cancelled() else "failed" if task.exception() else "done"
        self.report[how] += 1

    async def shutdown(self, grace):
        if self.tasks:
            _, late = await asyncio.wait(self.tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        return self.report


async def send_mail(to, latency):
    await asyncio.sleep(latency)
    if to == "max":
        raise ValueError("the mail server refuses mail to max")


async def register(background, to, latency):
    background.submit(send_mail(to, latency))
    return 202
# ANCHOR_END: program


async def main():
    background = Background()
    answered = await stage.timed(register(background, "bob", 2))
    await register(background, "max", 2)
    await register(background, "zoe", 5)
    await asyncio.sleep(0.5)
    loop = asyncio.get_running_loop()
    start = loop.time()
    report = await background.shutdown(2)
    stopped = 0.5 + loop.time() - start
    counts = ", ".join(f"{report[how]} {how}" for how in ("done", "failed", "aborted"))
    print(f"answered after {answered:.1f} s   stopped at {stopped:.1f} s   {counts}")


stage.run(main())
