//! Sends the next request when it has the response to the one before.

async fn it_handles_requests_together(make: &MakeService<'_>) {
    let service = make(bank());
    for _ in 0..3 {
        let start = Instant::now();
        assert_eq!(ask(&service, "EUR").await.status, StatusCode::OK);
        assert_eq!(start.elapsed(), SECOND);
    }
}
