//! The hidden tests of `cover`.

use async_workbook::{
    harness::{Task, counted, task},
    services::upstream::{Route, Upstream},
    verdict::{Fault, ensure, examine},
};

use crate::{
    Answer,
    additions::{Page, each_request_asks_once, it_is_waited_for},
    town::{Town, expected},
};

pub(crate) const TASK: Task<Answer> = task!(
    cover: requests_share_connections,
    covers_are_fetched_side_by_side,
    it_is_what_the_catalogue_says,
    nothing_is_added,
);

const REQUESTS: usize = 20;
/// More than any ordinary limit.
const CUSTOMERS: usize = 40;

fn requests_share_connections(answer: &Answer) {
    examine(async |_| {
        let builder = Upstream::builder().route(Route::new("covers/111").body("blue"));
        let town = Town::new(answer, builder).await;
        for _ in 0..REQUESTS {
            town.get("/covers/111").answer().await;
            // A connection is ready for the next request once the client has noticed the end of this one.
            town.hold.turns(20).await;
        }
        let connections = town.catalogue.connections();
        // One is enough, but a connection may once come back a moment too late. That isn't the handler's fault.
        ensure(connections <= 2, || {
            Fault::new("client_per_request")
                .happened(format!(
                    "{REQUESTS} requests, one after another, made {} to the catalogue",
                    counted(connections, "connection")
                ))
                .expected("all of them use one connection: a client keeps it open for the next request")
                .next("in `cover`, use a client that lives as long as the service, and that keeps idle connections")
        })
    });
}

fn covers_are_fetched_side_by_side(answer: &Answer) {
    examine(async |_| {
        let builder = Upstream::builder().route(Route::new("covers/111").body("blue"));
        let town = Town::new(answer, builder.gate(CUSTOMERS)).await;
        let asked: Vec<_> = (0..CUSTOMERS).map(|_| town.get("/covers/111")).collect();
        let together = town.hold.until(|| town.catalogue.high_water() == CUSTOMERS);
        ensure(together.await, || {
            Fault::new("lock_held_while_waiting")
                .happened(format!(
                    "of {CUSTOMERS} customers at the same time, {} had a call in flight at the catalogue, and the others waited for it to end",
                    town.catalogue.high_water()
                ))
                .expected("customers who come at the same time are served at the same time")
                .next("remove the lock or the limit around the `Client`: its methods take `&self`, and its clones share their connections")
        })?;
        for asked in asked {
            expected("/covers/111", &asked.answer().await, 200, "blue")?;
        }
        Ok(())
    });
}

fn it_is_what_the_catalogue_says(answer: &Answer) {
    examine(async |_| {
        let town = Town::new(
            answer,
            Upstream::builder()
                .route(Route::new("covers/1").body("red"))
                .route(Route::new("covers/2").fails(500)),
        )
        .await;
        for (path, status, body) in [
            ("/covers/1", 200, "red"),
            ("/covers/2", 502, ""),
            ("/covers/3", 502, ""),
        ] {
            expected(path, &town.get(path).answer().await, status, body)?;
        }
        Ok(())
    });
}

fn nothing_is_added(answer: &Answer) {
    const PAGE: Page = Page {
        path: "/covers/111",
        parts: &[("covers/111", "blue")],
        body: "blue",
    };
    examine(async |_| {
        each_request_asks_once(answer, &PAGE).await?;
        it_is_waited_for(answer, &PAGE).await
    });
}
