//! A thread of the blocking pool makes all calls, and blocks while the function awaits it.

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let upstream = upstream.clone();
    let paths: Vec<String> = paths.iter().map(|&path| path.to_owned()).collect();
    let calls = tokio::task::spawn_blocking(move || {
        let fetch = |path: &String| upstream.fetch_blocking(path).body;
        paths.iter().map(fetch).collect()
    });
    calls.await.expect("no call panics")
}
