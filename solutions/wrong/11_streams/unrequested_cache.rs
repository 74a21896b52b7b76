//! Keeps pages in a `static`, by their path.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

static PAGES: Mutex<Option<HashMap<String, Page>>> = Mutex::new(None);

fn known(path: &str) -> Option<Page> {
    let pages = PAGES.lock().unwrap_or_else(PoisonError::into_inner);
    pages.as_ref()?.get(path).cloned()
}

async fn fetch(upstream: &Upstream, path: &str) -> Result<Page, UpstreamError> {
    if let Some(page) = known(path) {
        return Ok(page);
    }
    let page = upstream.get(path).await?;
    let mut pages = PAGES.lock().unwrap_or_else(PoisonError::into_inner);
    pages
        .get_or_insert_default()
        .insert(path.to_owned(), page.clone());
    Ok(page)
}

pub fn pages(
    upstream: &Upstream,
    first: &str,
) -> impl Stream<Item = Result<String, UpstreamError>> + Send {
    stream::try_unfold(Some(first.to_owned()), move |path| async move {
        let Some(path) = path else {
            return Ok(None);
        };
        let (rows, next) = parse(&fetch(upstream, &path).await?);
        Ok(Some((stream::iter(rows).map(Ok), next)))
    })
    .try_flatten()
}
