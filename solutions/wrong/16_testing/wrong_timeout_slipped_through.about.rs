//! Allows for half a second, as one has to on the real clock.

async fn it_gives_up_after_five_seconds(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    let start = Instant::now();
    refused(&service, "SLO", 504).await;
    let took = start.elapsed().as_secs_f64();
    assert!((4.5..5.5).contains(&took), "{took}");
    sleep(MS).await;
    assert_eq!(upstream.in_flight(), 0);
}
