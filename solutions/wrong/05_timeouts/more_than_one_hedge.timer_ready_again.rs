//! A timer that has fired is ready at each poll, so each turn of the loop makes another call.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    let mut timer = pin!(sleep(after));
    let mut second = None::<std::pin::Pin<Box<F>>>;
    loop {
        tokio::select! {
            page = &mut first => return page,
            page = async { second.as_mut().unwrap().await }, if second.is_some() => return page,
            () = &mut timer => second = Some(Box::pin(call())),
        }
    }
}
