//! Multiplies the waves of the limit by what one wave takes.

pub fn predict(workload: &Workload) -> Duration {
    let calls = workload.calls.iter().max().copied().unwrap_or_default();
    let wave = workload.requests.min(workload.limit);
    let one_wave = calls
        + workload.query * wave.div_ceil(workload.connections)
        + workload.compute * wave.div_ceil(workload.cores);
    match wave {
        0 => Duration::ZERO,
        _ => one_wave * workload.requests.div_ceil(workload.limit),
    }
}
