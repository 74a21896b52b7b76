//! Each turn of the loop makes all calls that are missing, and keeps the first that ends.

use futures::future::select_all;

pub async fn fetch_all(upstream: &Upstream, paths: &[&str]) -> Vec<Page> {
    let mut slots: Vec<Option<Page>> = vec![None; paths.len()];
    loop {
        let missing: Vec<usize> = (0..paths.len()).filter(|&i| slots[i].is_none()).collect();
        if missing.is_empty() {
            break;
        }
        let calls = missing
            .iter()
            .map(|&i| Box::pin(async move { (i, upstream.fetch(paths[i]).await) }));
        let ((index, page), _, _) = select_all(calls).await;
        slots[index] = Some(page);
    }
    slots.into_iter().flatten().collect()
}
