//! Looks for the call when it has ended by itself.

async fn it_gives_up_after_five_seconds(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    let start = Instant::now();
    refused(&service, "SLO", 504).await;
    assert_eq!(start.elapsed(), 5 * SECOND);
    sleep(3600 * SECOND).await;
    assert_eq!(upstream.in_flight(), 0);
}
