//! Blocks the thread until the second call is due.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let mut first = pin!(call());
    tokio::select! {
        biased;
        page = &mut first => return page,
        () = async { std::thread::sleep(after) } => {}
    }
    tokio::select! {
        page = &mut first => page,
        page = call() => page,
    }
}
