//! Looks at the 504 and at its moment, and not at what became of the call.

async fn it_gives_up_after_five_seconds(make: &MakeService<'_>) {
    let service = make(bank());
    let start = Instant::now();
    refused(&service, "SLO", 504).await;
    assert_eq!(start.elapsed(), 5 * SECOND);
}
