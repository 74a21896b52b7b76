//! The hidden tests of `stock`.

use async_workbook::{
    harness::{Task, counted, task},
    services::upstream::Upstream,
    verdict::{Fault, ensure, examine},
};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use crate::{
    Answer,
    town::{Town, expected, more_connections},
};

pub(crate) const TASK: Task<Answer> = task!(
    stock: requests_share_connections,
    it_is_what_the_database_says,
    each_service_has_its_own_database,
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
                .expected("no more than `deps.connections`, which is 2 here: a connection is used again and again")
                .next("compare how long the pool lives that this handler uses with how long the service does")
        })?;
        let asked: Vec<_> = (0..REQUESTS).map(|_| town.get("/stock/111")).collect();
        for asked in asked {
            asked.answer().await;
        }
        let opened = town.database.opened();
        ensure(opened <= 2, || more_connections(opened, 2))
    });
}

fn it_is_what_the_database_says(answer: &Answer) {
    examine(async |_| {
        let town = Town::new(answer, Upstream::builder()).await;
        for (path, status, body) in [
            ("/stock/111", 200, "3"),
            ("/stock/222", 200, "0"),
            ("/stock/333", 200, "12"),
            ("/stock/444", 404, ""),
        ] {
            expected(path, &town.get(path).answer().await, status, body)?;
        }
        // What goes wrong is told, and not passed over.
        town.rows("DROP TABLE books").await;
        let answer = town.get("/stock/111").answer().await;
        expected("/stock/111, of a broken database", &answer, 500, "")
    });
}

fn each_service_has_its_own_database(answer: &Answer) {
    examine(async |_| {
        let first = Town::new(answer, Upstream::builder()).await;
        let before = first.get("/stock/111").answer().await;
        expected("/stock/111", &before, 200, "3")?;
        let second = Town::new(answer, Upstream::builder()).await;
        let options = SqliteConnectOptions::new().filename(second.database.file());
        let pool = SqlitePoolOptions::new().connect_lazy_with(options);
        let sold = sqlx::query("UPDATE books SET copies = 7").execute(&pool);
        sold.await.expect("nobody else writes");
        pool.close().await;
        let answer = second.get("/stock/111").answer().await;
        ensure(answer.is(200, "7"), || {
            Fault::new("pool_in_a_static")
                .happened(format!("a second service, whose database has 7 copies, answered {:?}: what stands in the first one's", answer.body))
                .expected("two services in one process have nothing in common")
                .next("keep the pool in `Shop`, which is made for each service, rather than in a `static`")
        })
    });
}
