//! Never lets the upstream be slow.

async fn it_gives_up_after_five_seconds(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    let start = Instant::now();
    assert_eq!(ask(&service, "EUR").await.status, StatusCode::OK);
    assert!(start.elapsed() < 5 * SECOND);
    assert_eq!(upstream.in_flight(), 0);
}
