//! A race between two calls: the faster one wins.

use std::thread;

use async_workbook::{probes::drops::Drops, services::upstream::Page};

use crate::{Calls, HOUR, observation::wait, opaque::Opaque, watched::shown};

/// When the second call is due, and how long both take, in milliseconds.
#[derive(Clone, Copy)]
pub(super) struct Race {
    pub(super) after: u64,
    pub(super) first: u64,
    pub(super) second: u64,
}

pub(super) const fn race(after: u64, first: u64, second: u64) -> Race {
    Race {
        after,
        first,
        second,
    }
}

/// Makes the calls of a race, each under watch. A third one never ends.
pub(super) fn calls(drops: &Drops, race: Race) -> Calls<Page> {
    let (drops, home) = (drops.clone(), thread::current().id());
    Box::new(move || {
        let number = drops.made_count() + 1;
        let length = match number {
            1 => race.first,
            2 => race.second,
            3..20 => HOUR,
            // Stops an answer that calls without end.
            _ => 0,
        };
        Opaque::new(drops.watch(&format!("call {number}"), async move {
            wait(home, length).await;
            page(race, number)
        }))
    })
}

pub(super) fn page(race: Race, number: usize) -> Page {
    Page {
        path: format!("call/{number}"),
        body: format!(
            "the answer of call {number}, hedged after {}",
            shown(race.after)
        ),
    }
}
