//! Takes a future for a running call, as an asyncio task or a C# `Task` is one. Making all of
//! them first starts none of them: each begins when it is awaited.

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let calls: Vec<_> = paths.iter().map(|path| upstream.fetch(path)).collect();
    let mut pages = Vec::new();
    for call in calls {
        pages.push(call.await);
    }
    pages
}
