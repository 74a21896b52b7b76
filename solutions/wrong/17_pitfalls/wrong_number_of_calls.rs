//! It computes off the loop, but once more for a log line on the way.

/// What computes goes to the blocking pool, and the runtime's thread is free. A panic of the library goes on here, as
/// it would have without the hop.
async fn fingerprint(State(shop): State<Arc<Shop>>, Path(isbn): Path<String>) -> String {
    let job = task::spawn_blocking(move || {
        let _logged = (shop.deps.fingerprint)(&isbn);
        (shop.deps.fingerprint)(&isbn)
    });
    match job.await {
        Ok(fingerprint) => fingerprint,
        Err(error) => panic::resume_unwind(error.into_panic()),
    }
}
