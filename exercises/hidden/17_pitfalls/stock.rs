//! The hidden tests of `stock`.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_workbook::{
    harness::{Task, counted, task},
    services::upstream::Upstream,
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer,
    pools::{Handler, shares_the_pool},
    town::{Town, connection_limit_exceeded, expected},
};

pub(crate) const TASK: Task<Answer> = task!(
    stock: requests_share_connections,
    nothing_is_kept,
    it_is_what_the_database_says,
    all_handlers_share_one_pool,
);

const REQUESTS: usize = 20;

fn requests_share_connections(answer: &Answer) {
    examine(async |_| {
        let town = Town::new(answer, Upstream::builder()).await;
        for _ in 0..REQUESTS {
            town.get("/stock/111").answer().await;
        }
        let opened = town.database.opened();
        ensure(opened < REQUESTS, || {
            Fault::new("pool_per_request")
                .happened(format!(
                    "{REQUESTS} requests, one after another, opened {} to the database",
                    counted(opened, "connection")
                ))
                .expected("they open no more than `deps.connections`, which is 2 here, and use each connection again and again")
                .next("in `stock`, compare how long the handler's pool lives with how long the service lives")
        })?;
        let asked: Vec<_> = (0..REQUESTS).map(|_| town.get("/stock/111")).collect();
        for asked in asked {
            asked.answer().await;
        }
        let opened = town.database.opened();
        ensure(opened <= 2, || connection_limit_exceeded(opened, 2))
    });
}

/// A book that no test of this process has asked for, so a `static` can't know it from another test.
async fn new_book(town: &Town) -> String {
    static BOOKS: AtomicUsize = AtomicUsize::new(0);
    let isbn = format!("new-{}", BOOKS.fetch_add(1, Ordering::Relaxed));
    let insert = format!("INSERT INTO books VALUES ('{isbn}', 3, 100)");
    town.rows(&insert).await;
    isbn
}

/// The handler doesn't keep a number from an earlier request, or a pool from another service.
async fn nothing_kept(answer: &Answer) -> Result<(), Fault> {
    let town = Town::new(answer, Upstream::builder()).await;
    let path = format!("/stock/{}", new_book(&town).await);
    let before = town.get(&path).answer().await;
    town.has_own_pool(&before)?;
    expected(&path, &before, 200, "3")?;
    town.rows("UPDATE books SET copies = 2").await;
    let reply = town.get(&path).answer().await;
    ensure(!reply.is(200, "3"), || {
        Fault::new("unrequested_cache")
            .happened("the shop sold a copy, and the answer was 3 copies, as before")
            .expected("each request asks the database, and the answer is 2 copies")
            .next("in `stock`, remove the cache, and query the database for each request")
    })?;
    expected(&path, &reply, 200, "2")
}

fn nothing_is_kept(answer: &Answer) {
    examine(async |_| {
        for _ in 0..2 {
            nothing_kept(answer).await?;
        }
        Ok(())
    });
}

fn it_is_what_the_database_says(answer: &Answer) {
    examine(async |_| {
        nothing_kept(answer).await?;
        let town = Town::new(answer, Upstream::builder()).await;
        for (path, status, body) in [
            ("/stock/111", 200, "3"),
            ("/stock/222", 200, "0"),
            ("/stock/333", 200, "12"),
            ("/stock/444", 404, ""),
        ] {
            expected(path, &town.get(path).answer().await, status, body)?;
        }
        // The handler reports an error, and doesn't hide it.
        town.rows("DROP TABLE books").await;
        let answer = town.get("/stock/111").answer().await;
        expected("/stock/111, with a broken database", &answer, 500, "")
    });
}

fn all_handlers_share_one_pool(answer: &Answer) {
    examine(async |_| shares_the_pool(answer, Handler::Stock).await);
}
