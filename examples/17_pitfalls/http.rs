//! Pitfalls of calls to another service, over real HTTP.

use std::time::Duration;

use async_workbook::{
    clock::{Hold, Readable, timed},
    services::upstream::{Upstream, UpstreamError},
};
use futures::future::join_all;
use real_services::http::OverHttp as _;
use reqwest::Client;
use tokio::{sync::Semaphore, time::timeout};

use super::Symptom;

const PATHS: [&str; 3] = ["titles", "reviews", "related"];

async fn catalogue(latency: Duration) -> std::io::Result<Upstream> {
    let builder = PATHS.iter().fold(Upstream::builder(), |builder, path| {
        builder.page(*path, latency)
    });
    builder.build().over_http().await
}

pub(super) fn client() -> reqwest::Result<Client> {
    // A proxy that the environment names must not see calls that stay on this machine.
    Client::builder().no_proxy().build()
}

// ANCHOR: future_never_awaited
pub(super) mod future_never_awaited {
    use super::*;

    #[expect(clippy::let_underscore_future, reason = "it is what this is about")]
    pub(crate) async fn wrong() -> Symptom {
        let upstream = catalogue(Duration::ZERO).await?;
        // ANCHOR: un_awaited_wrong
        for path in PATHS {
            // The compiler would warn, if the `let _` did not tell it not to.
            let _ = upstream.get(path);
        }
        // ANCHOR_END: un_awaited_wrong
        Ok(format!("3 futures, {} calls", upstream.hits()))
    }

    pub(crate) async fn right() -> Symptom {
        let upstream = catalogue(Duration::ZERO).await?;
        let _hold = Hold::new();
        // ANCHOR: un_awaited_right
        for path in PATHS {
            upstream.get(path).await?;
        }
        // ANCHOR_END: un_awaited_right
        Ok(format!("3 futures, {} calls", upstream.hits()))
    }
}
// ANCHOR_END: future_never_awaited

// ANCHOR: independent_calls_in_sequence
pub(super) mod independent_calls_in_sequence {
    use super::*;

    pub(crate) async fn wrong() -> Symptom {
        let upstream = catalogue(Duration::from_millis(100)).await?;
        for path in PATHS {
            upstream.get(path).await?;
        }
        Ok(in_flight(&upstream))
    }

    pub(crate) async fn right() -> Symptom {
        let upstream = catalogue(Duration::from_millis(100)).await?;
        let hold = Hold::new();
        let calls = join_all(PATHS.map(|path| upstream.get(path)));
        let released = async {
            hold.until(|| upstream.in_flight() == PATHS.len()).await;
            hold.release().await;
        };
        let (pages, ()) = tokio::join!(calls, released);
        pages
            .into_iter()
            .collect::<Result<Vec<_>, UpstreamError>>()?;
        Ok(in_flight(&upstream))
    }

    fn in_flight(upstream: &Upstream) -> String {
        format!(
            "3 calls of 0.1 s, at most {} in flight together",
            upstream.high_water()
        )
    }
}
// ANCHOR_END: independent_calls_in_sequence

// ANCHOR: client_per_request
pub(super) mod client_per_request {
    use super::*;

    async fn ask(client: &Client, upstream: &Upstream) -> reqwest::Result<String> {
        let url = format!("{}/titles", upstream.url().unwrap_or_default());
        client.get(url).send().await?.text().await
    }

    pub(crate) async fn wrong() -> Symptom {
        let upstream = catalogue(Duration::ZERO).await?;
        let _hold = Hold::new();
        for _ in 0..20 {
            ask(&client()?, &upstream).await?;
        }
        Ok(connections(&upstream))
    }

    pub(crate) async fn right() -> Symptom {
        let upstream = catalogue(Duration::ZERO).await?;
        let hold = Hold::new();
        let client = client()?;
        for _ in 0..20 {
            ask(&client, &upstream).await?;
            // The client takes note of the end of an answer in a task of its own.
            hold.turns(5).await;
        }
        Ok(connections(&upstream))
    }

    fn connections(upstream: &Upstream) -> String {
        let plural = if upstream.connections() == 1 { "" } else { "s" };
        format!("20 requests, {} connection{plural}", upstream.connections())
    }
}
// ANCHOR_END: client_per_request

// ANCHOR: timeout_missing
pub(super) mod timeout_missing {
    use super::*;

    /// Lets the clock go once the call is at the service, and nothing is left to wait for but timers.
    async fn asked<T>(upstream: &Upstream, call: impl Future<Output = T>) -> (T, Duration) {
        let hold = Hold::new();
        let released = async {
            hold.until(|| upstream.in_flight() == 1).await;
            hold.release().await;
        };
        let ((answer, ()), took) = timed(async { tokio::join!(call, released) }).await;
        (answer, took)
    }

    pub(crate) async fn wrong() -> Symptom {
        let upstream = catalogue(Duration::from_millis(600)).await?;
        let (answer, took) = asked(&upstream, upstream.get("titles")).await;
        answer?;
        Ok(format!(
            "200 after {}, as long as the service takes",
            Readable(took)
        ))
    }

    pub(crate) async fn right() -> Symptom {
        let upstream = catalogue(Duration::from_millis(600)).await?;
        let call = timeout(Duration::from_millis(200), upstream.get("titles"));
        let (answer, took) = asked(&upstream, call).await;
        let status = if answer.is_err() { 504 } else { 200 };
        Ok(format!("{status} after {}", Readable(took)))
    }
}
// ANCHOR_END: timeout_missing

// ANCHOR: limit_per_call
pub(super) mod limit_per_call {
    use super::*;

    const LIMIT: usize = 4;
    const SHELVES: usize = 3;

    /// A shelf of six titles.
    async fn shelf(upstream: &Upstream, limit: &Semaphore) {
        let calls = (0..6).map(async |_| {
            let _permit = limit.acquire().await.expect("nobody closes it");
            upstream.fetch("titles").await
        });
        join_all(calls).await;
    }

    async fn at_once(upstream: &Upstream, shelves: impl Future, expected: usize) -> String {
        let hold = Hold::new();
        let released = async {
            hold.until(|| upstream.in_flight() == expected).await;
            // Should there be one more, it is under way by now.
            hold.turns(100).await;
            hold.release().await;
        };
        tokio::join!(shelves, released);
        format!(
            "{SHELVES} shelves, a limit of {LIMIT}: {} calls at once",
            upstream.high_water()
        )
    }

    pub(crate) async fn wrong() -> Symptom {
        let upstream = catalogue(Duration::from_millis(50)).await?;
        let shelves = (0..SHELVES).map(async |_| shelf(&upstream, &Semaphore::new(LIMIT)).await);
        Ok(at_once(&upstream, join_all(shelves), SHELVES * LIMIT).await)
    }

    pub(crate) async fn right() -> Symptom {
        let upstream = catalogue(Duration::from_millis(50)).await?;
        let limit = Semaphore::new(LIMIT);
        let shelves = (0..SHELVES).map(|_| shelf(&upstream, &limit));
        Ok(at_once(&upstream, join_all(shelves), LIMIT).await)
    }
}
// ANCHOR_END: limit_per_call
