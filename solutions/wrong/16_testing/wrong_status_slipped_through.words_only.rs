//! Looks at the words of an error, and not at its status.

async fn it_tells_failures_apart(make: &MakeService<'_>) {
    let service = make(bank());
    for currency in ["ZZZ", "OLD"] {
        let reply = ask(&service, currency).await;
        let error = reply.json["error"].as_str().expect("the error has a text");
        assert!(!error.contains("rates/"), "{error}");
    }
}
