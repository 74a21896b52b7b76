//! Takes a future for a call in flight, like an asyncio task or a C# `Task`. Making all of them first starts none of
//! them: each begins when it's awaited.

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls: Vec<_> = paths.iter().map(|path| upstream.fetch(path)).collect();
    let mut pages = Vec::new();
    for call in calls {
        pages.push(call.await);
    }
    pages
}
