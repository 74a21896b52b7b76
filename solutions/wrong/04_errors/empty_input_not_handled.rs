//! `select_ok` panics when it is given no futures.

use std::sync::Mutex;

use futures::future::select_ok;

pub async fn first_ok(upstream: &Upstream, paths: &[&str]) -> Result<Page, Vec<UpstreamError>> {
    let errors = Mutex::new(Vec::new());
    let calls = paths.iter().enumerate().map(|(index, path)| {
        let errors = &errors;
        Box::pin(async move {
            let keep = |error| errors.lock().unwrap().push((index, error));
            upstream.get(path).await.map_err(keep)
        })
    });
    if let Ok((page, _others)) = select_ok(calls).await {
        return Ok(page);
    }
    let mut errors = errors.into_inner().unwrap();
    errors.sort_by_key(|&(index, _)| index);
    Err(errors.into_iter().map(|(_, error)| error).collect())
}
