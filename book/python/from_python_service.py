"""The service that the page for readers who come from Python shows, with FastAPI.

FastAPI is not needed for this workbook, and so nothing runs this file: a test has Python parse it.
"""

import asyncio
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI, Header, HTTPException, Request


# ANCHOR: app
@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.users = {1: "Ada"}
    yield


app = FastAPI(lifespan=lifespan)
# ANCHOR_END: app


# ANCHOR: depends
async def current_user(authorization: Annotated[str | None, Header()] = None) -> str:
    if authorization != "Bearer ada":
        raise HTTPException(status_code=401)
    return "ada"
# ANCHOR_END: depends


# ANCHOR: user
@app.get("/users/{user_id}", dependencies=[Depends(current_user)])
async def user(user_id: int, request: Request) -> str:
    try:
        return request.app.state.users[user_id]
    except KeyError:
        raise HTTPException(status_code=404, detail="no such user")
# ANCHOR_END: user


# ANCHOR: background
async def send_mail() -> None:
    await asyncio.sleep(2)


@app.post("/users", status_code=202)
async def register(background: BackgroundTasks) -> None:
    background.add_task(send_mail)
# ANCHOR_END: background
