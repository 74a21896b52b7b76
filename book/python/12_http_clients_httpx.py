"""The client of chapter 12's exercise, with httpx, and with requests beside it.

    python3 book/python/12_http_clients_httpx.py http://127.0.0.1:8000/v1

needs both packages, and a service.
"""

import asyncio
import sys
import uuid

import httpx
import requests


# ANCHOR: httpx
class Api:
    def __init__(self, base, timeout):
        # One client, and so one pool. It follows redirects only if you say so.
        self.client = httpx.AsyncClient(base_url=base, follow_redirects=True)
        self.timeout = timeout

    async def user(self, id):
        # httpx's own timeout is for each wait. This one bounds the whole.
        async with asyncio.timeout(self.timeout):
            response = await self.client.get(f"users/{id}")
            response.raise_for_status()
            return response.json()

    async def create(self, user, token):
        key = str(uuid.uuid4())  # one for all attempts
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        async with asyncio.timeout(self.timeout):
            for attempt in range(3):
                response = await self.client.post("users", json=user, headers=headers)
                if response.status_code not in (429, 503) or attempt == 2:
                    break
                await asyncio.sleep(int(response.headers.get("Retry-After", 1)))
            response.raise_for_status()
            return response.json()

    async def export(self, sink):
        async with self.client.stream("GET", "export") as response:
            response.raise_for_status()
            async for piece in response.aiter_bytes():
                sink.write(piece)

    async def aclose(self):
        await self.client.aclose()
# ANCHOR_END: httpx


# ANCHOR: requests
class BlockingApi:
    def __init__(self, base, timeout):
        self.base, self.timeout = base, timeout
        self.session = requests.Session()  # the pool; `requests.get` makes a new one each time

    def user(self, id):
        # For connecting, and for each read. Without it, requests waits for ever.
        response = self.session.get(f"{self.base}/users/{id}", timeout=self.timeout)
        response.raise_for_status()
        return response.json()

    def export(self, sink):
        with self.session.get(f"{self.base}/export", stream=True, timeout=self.timeout) as response:
            response.raise_for_status()
            for piece in response.iter_content(64 * 1024):
                sink.write(piece)
# ANCHOR_END: requests


def reason(error):
    """Which of the exercise's errors it is."""
    # ANCHOR: reason
    match error:
        case TimeoutError() | httpx.TimeoutException():
            return "Timeout"
        case httpx.ConnectError():
            return "Connect"
        case httpx.HTTPStatusError():
            return f"Status {error.response.status_code}"
        case httpx.TooManyRedirects():
            return "Redirect"
        case httpx.TransportError():
            return "Interrupted"
        case ValueError():  # of `response.json()`
            return "Decode"
    # ANCHOR_END: reason
    raise error


async def main(base):
    api = Api(base, 5)
    try:
        print(await api.user(7))
    except Exception as error:
        print(reason(error))
    await api.aclose()


asyncio.run(main(sys.argv[1]))
