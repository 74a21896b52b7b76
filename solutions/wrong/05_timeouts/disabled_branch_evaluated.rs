//! The arm of the second call is disabled at first, and makes a call all the same.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    let mut timer = pin!(sleep(after));
    let mut is_late = false;
    loop {
        tokio::select! {
            page = &mut first => return page,
            () = &mut timer, if !is_late => is_late = true,
            page = call(), if is_late => return page,
        }
    }
}
