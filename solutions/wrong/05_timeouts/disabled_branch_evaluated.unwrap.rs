//! Unwraps in the arm of the second call. As long as there is none, the arm is disabled, but `select!` evaluates it all
//! the same.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    let mut timer = pin!(sleep(after));
    let mut second = None;
    loop {
        tokio::select! {
            page = &mut first => return page,
            page = second.as_mut().unwrap(), if second.is_some() => return page,
            () = &mut timer, if !timer.is_elapsed() => second = Some(Box::pin(call())),
        }
    }
}
