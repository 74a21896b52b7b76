//! Makes a service for each of the requests that it sends together.

async fn it_handles_requests_together(make: &MakeService<'_>) {
    let services = [(); 3].map(|()| make(bank()));
    let start = Instant::now();
    join_all(services.iter().map(|service| ask(service, "EUR"))).await;
    assert_eq!(start.elapsed(), SECOND);
}
