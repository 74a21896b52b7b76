"""The lesson of chapter 12 in Python: what a connection for each request costs, and what an error is.

    python3 book/python/12_http_clients.py

It needs no package, so the client is the standard library's, on a thread. 12_http_clients_httpx.py has httpx and requests.
"""

import asyncio
import http.client
import json

import stage

ANSWERS = {
    "/users/7": ("200 OK", '{"id": 7}'),
    "/busy": ("503 Service Unavailable", '{"id": 0}'),
    "/page": ("200 OK", "<h1>Welcome</h1>"),
}


async def serve(connections, closed):
    """A service that counts its connections. It doesn't wait for anything, so it needs no clock."""

    async def talk(reader, writer):
        connections.append(writer)
        while request := await reader.readline():
            while (await reader.readline()).strip():
                pass
            status, text = ANSWERS[request.split()[1].decode()]
            head = f"HTTP/1.1 {status}\r\ncontent-length: {len(text)}\r\n\r\n"
            writer.write((head + text).encode())
        writer.close()
        closed.append(writer)

    return await asyncio.start_server(talk, "127.0.0.1", 0)


def get(client, path):
    client.request("GET", path)
    response = client.getresponse()
    # Read to its end: only then is the connection free.
    return response.status, response.read()


# ANCHOR: program
async def one_for_each(port):
    for _ in range(20):
        client = http.client.HTTPConnection("127.0.0.1", port)
        await asyncio.to_thread(get, client, "/users/7")
        client.close()


async def one_for_all(port):
    client = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(20):
        await asyncio.to_thread(get, client, "/users/7")
    client.close()


async def user(client, path):
    status, text = await asyncio.to_thread(get, client, path)
    if not 200 <= status < 300:  # no client does this by itself
        return f"status {status}"
    try:
        return f"user {json.loads(text)['id']}"
    except ValueError:
        return "not JSON"
# ANCHOR_END: program


async def main():
    connections, closed = [], []
    async with await serve(connections, closed) as server:
        port = server.sockets[0].getsockname()[1]
        for what, ask in [("each of 20 requests", one_for_each), ("all of them", one_for_all)]:
            connections.clear()
            await ask(port)
            print(f"A client for {what}: connections: {len(connections)}")
        client = http.client.HTTPConnection("127.0.0.1", port)
        for path in ANSWERS:
            print(f"{path}: {await user(client, path)}")
        client.close()
        while len(closed) < 22:
            await asyncio.sleep(0)


stage.run(main())
