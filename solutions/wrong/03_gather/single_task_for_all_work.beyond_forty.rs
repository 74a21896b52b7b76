//! A task for each call, unless there are many: then it joins them on one task.

pub async fn fetch_all_parallel(upstream: Arc<Upstream>, paths: Vec<String>) -> Vec<Page> {
    if paths.len() <= 40 {
        let hs: Vec<_> = paths
            .into_iter()
            .map(|p| {
                let u = upstream.clone();
                tokio::spawn(async move { u.fetch(&p).await })
            })
            .collect();
        let mut v = vec![];
        for h in hs {
            v.push(h.await.unwrap())
        }
        return v;
    }
    join_all(paths.iter().map(|p| upstream.fetch(p))).await
}
