//! Both arms make a call in each turn of the loop.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut is_late = false;
    loop {
        tokio::select! {
            page = call() => return page,
            page = call(), if is_late => return page,
            () = sleep(after), if !is_late => is_late = true,
        }
    }
}
