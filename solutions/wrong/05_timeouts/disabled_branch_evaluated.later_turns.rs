//! Makes the second call again in later turns: `select!` evaluates its arm even when it's disabled.

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
            page = async { second.as_mut().expect("enabled").await }, if second.is_some() => return page,
            made = std::future::ready(Box::pin(call())), if timer.is_elapsed() && second.is_none() => second = Some(made),
            () = &mut timer, if !timer.is_elapsed() => {}
        }
    }
}
