//! Counts the calls that began, and not those that are still running.

async fn it_gives_up_after_five_seconds(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    let start = Instant::now();
    refused(&service, "SLO", 504).await;
    assert_eq!(start.elapsed(), 5 * SECOND);
    assert_eq!(upstream.hits(), 1);
}
