//! Adds what one request needs to the longest of the lines.

use std::time::Duration;

use async_workbook::services::workload::Workload;

pub fn predict(workload: &Workload) -> Duration {
    let n = workload.requests;
    if n == 0 {
        return Duration::ZERO;
    }
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let one = calls + workload.query + workload.compute;
    [
        workload.every * (n - 1),
        one * (n.div_ceil(workload.limit) - 1),
        workload.query * (n.div_ceil(workload.connections) - 1),
        workload.compute * (n.div_ceil(workload.cores) - 1),
    ]
    .into_iter()
    .max()
    .unwrap_or_default()
        + one
}
