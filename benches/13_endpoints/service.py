"""The endpoint of the bench of chapter 13, with FastAPI on one worker of uvicorn.

It chooses a free port of the loopback interface, prints it, and serves until its standard input ends.
"""

import os
import socket
import sys
import threading

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/{id}")
async def user(id: int):
    return {"id": id, "name": "Ada"}


def end_with_the_bench():
    sys.stdin.read()
    os._exit(0)


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
threading.Thread(target=end_with_the_bench, daemon=True).start()
config = uvicorn.Config(app, log_level="warning", access_log=False)
uvicorn.Server(config).run(sockets=[listener])
