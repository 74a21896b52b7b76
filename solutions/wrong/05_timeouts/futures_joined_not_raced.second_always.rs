//! Always makes the second call, and awaits both.

pub async fn hedge<F>(after: Duration, call: impl Fn() -> F + Send + Sync + 'static) -> Page
where
    F: Future<Output = Page> + Send + 'static,
{
    let second = async {
        sleep(after).await;
        call().await
    };
    let (page, _) = tokio::join!(call(), second);
    page
}
