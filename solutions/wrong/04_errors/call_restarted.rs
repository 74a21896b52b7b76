//! After each failure, passes new calls to `select_all`, and drops those in flight.

use futures::future::select_all;

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let mut errors = vec![None; paths.len()];
    loop {
        let missing: Vec<usize> = (0..paths.len()).filter(|&i| errors[i].is_none()).collect();
        if missing.is_empty() {
            break;
        }
        let calls = missing
            .iter()
            .map(|&i| Box::pin(async move { (i, upstream.get(paths[i]).await) }));
        match select_all(calls).await.0 {
            (_, Ok(page)) => return Ok(page),
            (index, Err(error)) => errors[index] = Some(error),
        }
    }
    Err(errors.into_iter().flatten().collect())
}
