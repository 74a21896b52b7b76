//! The service itself: its routes, its gate, and its counters. Knows nothing of how it is reached.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::Upstream;
use crate::clock::Clock;

/// What the service answers with.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Page {
    /// The path that was asked for.
    pub path: String,
    /// The text that stands there.
    pub body: String,
}

/// Why a call to the service came to nothing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum UpstreamError {
    /// The service answered with a status other than 200; 404 for a route that does not exist.
    #[error("GET {path} answered {}", describe(*status))]
    Status {
        /// The path that was asked for.
        path: String,
        /// The HTTP status code.
        status: u16,
    },
    /// The HTTP exchange broke before there was an answer.
    #[error("GET {path} got no answer: {reason}")]
    Transport {
        /// The path that was asked for.
        path: String,
        /// What the HTTP client says of it.
        reason: String,
    },
}

fn describe(status: u16) -> String {
    StatusCode::from_u16(status).map_or_else(|_| status.to_string(), |known| known.to_string())
}

/// One path of the service, and what it does when called.
#[derive(Clone, Debug)]
pub struct Route {
    path: String,
    latency: Duration,
    answer: Result<String, u16>,
    first: Option<(usize, Box<Route>)>,
}

impl Route {
    /// A route that answers at once, with the text `<path> page`.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        let path = path.into();
        Self {
            answer: Ok(format!("{path} page")),
            latency: Duration::ZERO,
            first: None,
            path,
        }
    }

    /// Lets each call take this long.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Sets the text of the page.
    #[must_use]
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.answer = Ok(body.into());
        self
    }

    /// Answers with this HTTP status instead of a page, after the same latency.
    #[must_use]
    pub fn fails(mut self, status: u16) -> Self {
        self.answer = Err(status);
        self
    }

    /// Answers the first `calls` calls as `other` would: slower, or with a failure.
    #[must_use]
    pub fn first(mut self, calls: usize, other: Self) -> Self {
        self.first = Some((calls, Box::new(other)));
        self
    }

    /// The route as it answers this call, counted from zero.
    fn at(&self, call: usize) -> &Self {
        match &self.first {
            Some((calls, other)) if call < *calls => other,
            _ => self,
        }
    }
}

/// The description of a service, from which [`build`](Self::build) makes it.
#[derive(Clone, Debug, Default)]
#[must_use = "a builder makes nothing until `build` is called"]
pub struct Builder {
    routes: Vec<Route>,
    gate: usize,
    clock: Clock,
}

impl Builder {
    /// Adds a page with a latency: short for `route(Route::new(path).latency(latency))`.
    pub fn page(self, path: impl Into<String>, latency: Duration) -> Self {
        self.route(Route::new(path).latency(latency))
    }

    /// Adds a route. Of two with the same path, the later one holds.
    pub fn route(mut self, route: Route) -> Self {
        self.routes.push(route);
        self
    }

    /// Answers nobody until `calls` of them are in flight at once; from then on, everybody.
    ///
    /// Callers that await one answer before they ask for the next never get the first.
    pub fn gate(mut self, calls: usize) -> Self {
        self.gate = calls;
        self
    }

    /// Sets the clock that [`fetch_blocking`](Upstream::fetch_blocking) waits on, real time unless it is
    /// said. A call that is awaited waits on the clock of the runtime that awaits it.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Makes the service.
    #[must_use]
    pub fn build(self) -> Upstream {
        let service = Service {
            routes: self
                .routes
                .into_iter()
                .map(|route| (route.path.clone(), (route, AtomicUsize::new(0))))
                .collect(),
            gate: self.gate,
            load: watch::Sender::new(Load::default()),
        };
        Upstream::new(service, self.clock)
    }
}

/// How busy the service is, and was.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Load {
    pub(crate) hits: usize,
    pub(crate) in_flight: usize,
    pub(crate) high_water: usize,
}

#[derive(Debug)]
pub(crate) struct Service {
    // Each with the number of calls that it has had.
    routes: HashMap<String, (Route, AtomicUsize)>,
    gate: usize,
    // A watch channel, since the gate waits for a value of these counters: `wait_for` looks at the
    // present value first, so that no change is missed between looking and waiting.
    load: watch::Sender<Load>,
}

impl Service {
    pub(crate) async fn answer(&self, path: &str) -> Result<Page, UpstreamError> {
        let _in_flight = InFlight::enter(&self.load);
        let open = self
            .load
            .subscribe()
            .wait_for(|load| load.high_water >= self.gate)
            .await
            .is_ok();
        debug_assert!(open, "the sender lives as long as the service");

        let status = |status| UpstreamError::Status {
            path: path.to_owned(),
            status,
        };
        let (route, calls) = self.routes.get(path).ok_or_else(|| status(404))?;
        let route = route.at(calls.fetch_add(1, Ordering::Relaxed));
        if !route.latency.is_zero() {
            tokio::time::sleep(route.latency).await;
        }
        match &route.answer {
            Ok(body) => Ok(Page {
                path: path.to_owned(),
                body: body.clone(),
            }),
            Err(code) => Err(status(*code)),
        }
    }

    pub(crate) fn load(&self) -> Load {
        *self.load.borrow()
    }

    /// How long the route takes for this call, counted from zero.
    pub(crate) fn latency(&self, path: &str, call: usize) -> Duration {
        self.routes
            .get(path)
            .map_or(Duration::ZERO, |(route, _)| route.at(call).latency)
    }
}

/// Counts one call as in flight for as long as it lives, so that a dropped call is counted out too.
#[must_use]
struct InFlight<'a>(&'a watch::Sender<Load>);

impl<'a> InFlight<'a> {
    fn enter(load: &'a watch::Sender<Load>) -> Self {
        load.send_modify(|load| {
            load.hits += 1;
            load.in_flight += 1;
            load.high_water = load.high_water.max(load.in_flight);
        });
        Self(load)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|load| load.in_flight -= 1);
    }
}
