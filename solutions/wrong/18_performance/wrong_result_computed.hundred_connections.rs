//! Takes a hundred connections for the most that there can be.

use std::time::Duration;

use async_workbook::services::workload::Workload;

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let (mut queried, mut answered) = (Vec::new(), Vec::new());
    for i in 0..workload.requests {
        let begun = (workload.every * i).max(free_at(&answered, workload.limit));
        let query =
            (begun + calls).max(free_at(&queried, workload.connections.min(100))) + workload.query;
        let end = query.max(free_at(&answered, workload.cores)) + workload.compute;
        queried.push(query);
        answered.push(end);
    }
    answered.last().copied().unwrap_or_default()
}

/// When the place is free that the next request gets: whoever was so many before it has left.
fn free_at(left: &[Duration], places: u32) -> Duration {
    let before = left.len().checked_sub(places as usize);
    before.map_or(Duration::ZERO, |before| left[before])
}
