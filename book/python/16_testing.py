"""The checks of chapter 16 in Python: a right cache and two wrong ones, tested on a virtual clock.

    WORKBOOK_CLOCK=virtual python3 book/python/16_testing.py
"""

import asyncio

import stage


class Service:
    """Takes two seconds, and counts its calls."""

    def __init__(self):
        self.calls = 0

    async def rates(self):
        self.calls += 1
        await asyncio.sleep(2)
        return f"page {self.calls}"


class Cache:
    """Keeps a page for 60 s. Whoever comes during a call waits for it."""

    def __init__(self, service):
        self.service = service
        self.page = None
        self.until = 0
        self.call = None

    async def get(self):
        if asyncio.get_running_loop().time() < self.until:
            return self.page
        if self.call is None:
            self.call = asyncio.create_task(self.fetch())
        # Cancelling somebody who waits would cancel the call, without the shield.
        return await asyncio.shield(self.call)

    async def fetch(self):
        try:
            self.page = await self.service.rates()
            self.until = asyncio.get_running_loop().time() + 60
            return self.page
        finally:
            self.call = None


class KeepsForEver(Cache):
    async def get(self):
        return self.page or await super().get()


class OneCallEach(Cache):
    async def get(self):
        if asyncio.get_running_loop().time() < self.until:
            return self.page
        return await self.fetch()


# ANCHOR: program
async def a_page_is_good_for_a_minute(make):
    service = Service()
    cache = make(service)
    assert await cache.get() == "page 1"
    await asyncio.sleep(59.9)
    assert await cache.get() == "page 1"
    await asyncio.sleep(0.2)
    assert await cache.get() == "page 2"


async def callers_share_a_call(make):
    service = Service()
    cache = make(service)
    await asyncio.gather(*(cache.get() for _ in range(5)))
    assert service.calls == 1, f"{service.calls} calls for five callers"
# ANCHOR_END: program


async def verdict(test, make):
    try:
        took = await stage.timed(test(make))
        return f"passes, after {took:.1f} s"
    except AssertionError:
        return "fails"


async def main():
    for make in (Cache, KeepsForEver, OneCallEach):
        print(make.__name__)
        for test in (a_page_is_good_for_a_minute, callers_share_a_call):
            print(f"    {test.__name__}: {await verdict(test, make)}")


stage.run(main())
