//! Sends requests together, and looks at each response, but not at the time.

async fn it_handles_requests_together(make: &MakeService<'_>) {
    let service = make(bank());
    let replies = join_all((0..3).map(|_| ask(&service, "EUR"))).await;
    assert!(replies.iter().all(|reply| reply.status == StatusCode::OK));
}
