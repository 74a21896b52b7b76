//! A task has no thread of its own: the runtime polls it where it polls all others.

async fn fingerprint(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let job = tokio::spawn(async move { (shop.deps.fingerprint)(&isbn) });
    job.await.expect("the library does not panic")
}
