"""The lesson of chapter 14 in Python: a pool of connections, and who waits for it.

    python3 book/python/14_databases.py

The database is SQLite from the standard library. As in the lesson, each query keeps its connection for a time.
"""

import asyncio
import contextlib
import os
import sqlite3
import tempfile

import stage


class Pool:
    """A few connections for many callers."""

    def __init__(self, file, connections, seconds):
        self.free = asyncio.Queue()
        self.seconds = seconds
        for _ in range(connections):
            self.free.put_nowait(sqlite3.connect(file, isolation_level=None))

    @contextlib.asynccontextmanager
    async def acquire(self):
        connection = await self.free.get()
        try:
            yield connection
        finally:
            self.free.put_nowait(connection)

    async def query(self, connection, sql):
        row = connection.execute(sql).fetchone()
        await asyncio.sleep(self.seconds)
        return row

    def close(self):
        while not self.free.empty():
            self.free.get_nowait().close()


# ANCHOR: program
async def held(pool):
    async with pool.acquire() as connection:
        await pool.query(connection, "SELECT copies FROM books")
        await asyncio.sleep(0.1)  # asks another service for the rate
        await pool.query(connection, "SELECT count(*) FROM sales")


async def given_back(pool):
    async with pool.acquire() as connection:
        await pool.query(connection, "SELECT copies FROM books")
    await asyncio.sleep(0.1)
    async with pool.acquire() as connection:
        await pool.query(connection, "SELECT count(*) FROM sales")


async def sale(pool):
    async with pool.acquire() as connection:
        connection.execute("BEGIN")
        try:
            connection.execute("UPDATE books SET copies = copies - 1")
            await asyncio.sleep(10)  # cancelled here
            connection.execute("INSERT INTO sales VALUES ('book 1')")
            connection.execute("COMMIT")
        except BaseException:  # CancelledError isn't an Exception
            connection.execute("ROLLBACK")
            raise
# ANCHOR_END: program


async def one_query(pool):
    async with pool.acquire() as connection:
        await pool.query(connection, "SELECT count(*) FROM books")


def gathered(calls):
    async def all_of_them():
        await asyncio.gather(*calls)

    return all_of_them()


async def main():
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "books.db")
        setup = sqlite3.connect(file)
        setup.executescript(
            "CREATE TABLE books (title TEXT, copies INTEGER);"
            "CREATE TABLE sales (title TEXT); INSERT INTO books VALUES ('book 1', 3);"
        )
        setup.close()
        for connections in [1, 5, 10, 20, 50, 100]:
            pool = Pool(file, connections, 0.01)
            took = await stage.timed(gathered(one_query(pool) for _ in range(100)))
            print(f"pool of {connections:3}  {took:.2f} s")
            pool.close()
        pool = Pool(file, 1, 0.05)
        for name, quote in [("held", held), ("given back", given_back)]:
            took = await stage.timed(gathered(quote(pool) for _ in range(3)))
            print(f"{name:11}  {took:.1f} s")
        try:
            await asyncio.wait_for(sale(pool), 0.1)
        except TimeoutError:
            async with pool.acquire() as connection:
                copies, = connection.execute("SELECT copies FROM books").fetchone()
                print(f"a sale cancelled halfway: {copies} of 3 copies left")
        pool.close()


stage.run(main())
