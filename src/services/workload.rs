//! A load, and what serves it: enough to work out how long it takes.
//!
//! It's a description alone. What it says can be computed with, or be run.
//!
//! ```
//! # use std::time::Duration;
//! use async_workbook::services::workload::Workload;
//!
//! let queries = Workload {
//!     requests: 100,
//!     query: Duration::from_millis(10),
//!     connections: 20,
//!     ..Workload::default()
//! };
//! assert_eq!(queries.to_string(), "100 requests at once, each with a query of 10 ms over 20 connections");
//! ```

use std::{fmt, time::Duration};

use crate::clock::Readable;

/// Requests that are all alike, and what each of them needs.
///
/// A request goes through these steps, one after another. Places are given out in the order in which requests come for
/// them. A step whose time is zero isn't made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Workload {
    /// How many requests there are.
    pub requests: u32,
    /// How long after each request the next one comes. With zero, all come at the same moment.
    pub every: Duration,
    /// How many requests may be under way at the same time. The others wait until one of those is answered. At least 1,
    /// and [`NO_LIMIT`](Self::NO_LIMIT) if nothing limits them.
    pub limit: u32,
    /// What a request does first: these calls to other services, all of them at the same time. The services take any
    /// number of calls.
    pub calls: Vec<Duration>,
    /// Then it waits for a connection, and keeps it for so long.
    pub query: Duration,
    /// How many connections there are. At least 1, and [`NO_LIMIT`](Self::NO_LIMIT) if they never run out.
    pub connections: u32,
    /// Then it waits for a core, and computes on it for so long. After that it's answered.
    pub compute: Duration,
    /// How many cores there are. At least 1.
    pub cores: u32,
}

/// One request with nothing to do, and no limit but that of one core.
impl Default for Workload {
    fn default() -> Self {
        Self {
            requests: 1,
            every: Duration::ZERO,
            limit: Self::NO_LIMIT,
            calls: Vec::new(),
            query: Duration::ZERO,
            connections: Self::NO_LIMIT,
            compute: Duration::ZERO,
            cores: 1,
        }
    }
}

/// In words, as far as they matter: `100 requests at once, 10 under way at most, each with a call of 0.5 s`.
impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.requests, self.every.is_zero()) {
            (1, _) => f.write_str("1 request")?,
            (requests, true) => write!(f, "{requests} requests at once")?,
            (requests, false) => {
                write!(f, "{requests} requests, one every {}", Readable(self.every))?;
            }
        }
        if self.limit < Self::NO_LIMIT {
            write!(f, ", {} under way at most", self.limit)?;
        }
        let needs = self.needs();
        match needs.split_last() {
            None => f.write_str(", with nothing to wait for"),
            Some((only, [])) => write!(f, ", each with {only}"),
            Some((last, first)) => write!(f, ", each with {} and {last}", first.join(", ")),
        }
    }
}

impl Workload {
    /// So many places that nobody waits for one: no load of chapter 18 has more requests. A list with an entry for each
    /// place still fits into memory.
    pub const NO_LIMIT: u32 = 5_000;

    /// What each request needs, in the order of its steps.
    fn needs(&self) -> Vec<String> {
        let mut needs = Vec::new();
        match self.calls.as_slice() {
            [] => {}
            [call] => needs.push(format!("a call of {}", Readable(*call))),
            calls => {
                let calls: Vec<_> = calls
                    .iter()
                    .map(|call| Readable(*call).to_string())
                    .collect();
                needs.push(format!("calls of {} together", calls.join(", ")));
            }
        }
        for (takes, what, places, place) in [
            (self.query, "a query", self.connections, "connection"),
            (self.compute, "computing", self.cores, "core"),
        ] {
            if takes.is_zero() {
                continue;
            }
            let places = match places {
                Self::NO_LIMIT => format!("as many {place}s as it takes"),
                1 => format!("1 {place}"),
                places => format!("{places} {place}s"),
            };
            needs.push(format!("{what} of {} over {places}", Readable(takes)));
        }
        needs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::ms;

    #[test]
    fn a_workload_says_what_matters_of_it() {
        let nothing = Workload::default();
        assert_eq!(nothing.to_string(), "1 request, with nothing to wait for");
        let all = Workload {
            requests: 30,
            every: ms(20),
            limit: 5,
            calls: vec![ms(500), ms(300)],
            query: ms(10),
            connections: 1,
            compute: ms(40),
            cores: 4,
        };
        assert_eq!(
            all.to_string(),
            "30 requests, one every 20 ms, 5 under way at most, each with calls of 0.5 s, 0.3 s together, \
             a query of 10 ms over 1 connection and computing of 40 ms over 4 cores"
        );
    }
}
