//! Demands that the call ends with the client, which the contract doesn't say.

async fn it_handles_requests_together(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    let start = Instant::now();
    join_all((0..3).map(|_| ask(&service, "EUR"))).await;
    assert_eq!(start.elapsed(), SECOND);
    assert!(timeout(SECOND, ask(&service, "SLO")).await.is_err());
    sleep(MS).await;
    assert_eq!(upstream.in_flight(), 0);
}
