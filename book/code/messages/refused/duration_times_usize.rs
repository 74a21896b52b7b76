use std::time::Duration;

pub fn predict(query: Duration, requests: usize, connections: usize) -> Duration {
    query * requests.div_ceil(connections)
}
