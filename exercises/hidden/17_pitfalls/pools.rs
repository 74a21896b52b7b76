//! Whether handlers share one pool of connections to the database.

use std::time::Duration;

use async_workbook::{
    harness::counted,
    services::{
        mailer::SimulatedMailer,
        upstream::{Route, Upstream},
    },
    verdict::{Fault, ensure},
};

use crate::{
    Answer,
    town::{Town, ask_for},
};

/// The handlers that need the database.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Handler {
    Stock,
    Quote,
    Sale,
    Order,
}

impl Handler {
    const ALL: [Self; 4] = [Self::Stock, Self::Quote, Self::Sale, Self::Order];

    fn request(self) -> (&'static str, &'static str) {
        match self {
            Self::Stock => ("GET", "/stock/111"),
            Self::Quote => ("GET", "/quotes/111/usd"),
            Self::Sale => ("POST", "/sales/111"),
            Self::Order => ("POST", "/orders/111/ada@example.org"),
        }
    }
}

/// How many connections these requests open, one after the other, when one is allowed.
async fn opened<const REQUESTS: usize>(answer: &Answer, handlers: [Handler; REQUESTS]) -> usize {
    let catalogue = Upstream::builder().route(Route::new("rates/usd").body("110"));
    let mailer = SimulatedMailer::new(Duration::ZERO);
    let town = Town::with(answer, catalogue, 1, mailer, |isbn| isbn.to_owned()).await;
    for handler in handlers {
        let (method, path) = handler.request();
        // Other tests look at the answer, and at a panic.
        drop(ask_for(&town.shop, method, path).panicked().await);
        town.hold.turns(20).await;
    }
    town.database.opened()
}

/// Each task has its own verdict, whatever faults the other handlers have. A handler is to blame if it shares with none
/// of them, although the first two share with each other, or each of these has a pool that lasts.
pub(crate) async fn shares_the_pool(answer: &Answer, handler: Handler) -> Result<(), Fault> {
    let others: Vec<_> = Handler::ALL
        .into_iter()
        .filter(|other| *other != handler)
        .collect();
    for &other in &others {
        if opened(answer, [handler, other]).await <= 1 {
            return Ok(());
        }
    }
    // A handler that makes a pool for each request shares with no other. That fault has its own name.
    if opened(answer, [handler; 2]).await > 1 {
        return Ok(());
    }
    let mut to_blame = opened(answer, [others[0], others[1]]).await <= 1;
    if !to_blame {
        to_blame =
            opened(answer, [others[0]; 2]).await <= 1 && opened(answer, [others[1]; 2]).await <= 1;
    }
    if !to_blame {
        return Ok(());
    }
    let [(method, path), (other_method, other_path)] = [handler.request(), others[0].request()];
    Err(Fault::new("connection_limit_exceeded")
        .happened(format!(
            "{method} {path} and {other_method} {other_path}, one after the other, opened {} to the database, and `deps.connections` is 1",
            counted(2, "connection")
        ))
        .expected("all handlers share one pool, which opens no more connections than it's allowed to")
        .next("use `shop.pool` in every handler, and make no other pool in `app`"))
}

/// The handler doesn't make a pool for each request.
///
/// One pool that is too large is another fault, with a name of its own. It opens a connection more when a request comes
/// while a thread of SQLite's still has the last one, but it doesn't do so at each of so many requests.
pub(crate) async fn shares_its_connection(answer: &Answer, handler: Handler) -> Result<(), Fault> {
    const REQUESTS: usize = 12;
    let opened = opened(answer, [handler; REQUESTS]).await;
    let (method, path) = handler.request();
    ensure(opened < REQUESTS, || {
        Fault::new("pool_per_request")
            .happened(format!(
                "{method} {path} came {REQUESTS} times, one request after the other, and opened {} to the database; `deps.connections` is 1",
                counted(opened, "connection")
            ))
            .expected("each request uses the connection of the one before")
            .next("use `shop.pool`, which lives as long as the service, and make no pool in the handler")
    })
}
