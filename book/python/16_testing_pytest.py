"""A test of an endpoint with pytest-asyncio and httpx, without a socket.

    pip install fastapi httpx pytest pytest-asyncio
    pytest book/python/16_testing_pytest.py
"""

# ANCHOR: program
import pytest
from fastapi import FastAPI, HTTPException
from httpx import ASGITransport, AsyncClient

app = FastAPI()


@app.get("/rates/{currency}")
async def rate(currency: str):
    if currency != "EUR":
        raise HTTPException(404, "there is no such currency")
    return {"currency": currency, "rate": "1.08"}


@pytest.mark.asyncio
async def test_a_missing_currency_is_a_404():
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        found = await client.get("/rates/EUR")
        missing = await client.get("/rates/XXX")
    assert found.json() == {"currency": "EUR", "rate": "1.08"}
    assert missing.status_code == 404
# ANCHOR_END: program
