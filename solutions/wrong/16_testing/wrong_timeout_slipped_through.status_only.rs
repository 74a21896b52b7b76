//! Looks for the 504, whenever it comes.

async fn it_gives_up_after_five_seconds(make: &MakeService<'_>) {
    let upstream = bank();
    let service = make(upstream.clone());
    refused(&service, "SLO", 504).await;
    sleep(MS).await;
    assert_eq!(upstream.in_flight(), 0);
}
