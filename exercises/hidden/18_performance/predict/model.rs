//! How long a load takes, computed. Tests compare it with runs, so it's right as far as these go.

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

use async_workbook::services::workload::Workload;

/// How long the load takes.
pub(crate) fn took(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let mut limit = Places::new(workload.limit);
    let mut connections = Places::new(workload.connections);
    let mut cores = Places::new(workload.cores);
    let mut last = Duration::ZERO;
    for request in 0..workload.requests {
        let began = limit.begin(workload.every * request);
        let mut now = began + calls;
        for (places, takes) in [
            (&mut connections, workload.query),
            (&mut cores, workload.compute),
        ] {
            if !takes.is_zero() {
                now = places.begin(now) + takes;
                places.end(now);
            }
        }
        limit.end(now);
        last = last.max(now);
    }
    last
}

/// When each place that's taken will be free.
struct Places {
    count: usize,
    free: BinaryHeap<Reverse<Duration>>,
}

impl Places {
    fn new(count: u32) -> Self {
        Self {
            count: count as usize,
            free: BinaryHeap::new(),
        }
    }

    /// When somebody who comes at this time has a place.
    fn begin(&mut self, comes: Duration) -> Duration {
        if self.free.len() < self.count {
            return comes;
        }
        let free = self.free.pop().map_or(Duration::ZERO, |Reverse(free)| free);
        comes.max(free)
    }

    fn end(&mut self, at: Duration) {
        self.free.push(Reverse(at));
    }
}
