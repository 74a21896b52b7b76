//! Is content with any status from 500 on.

async fn it_tells_failures_apart(make: &MakeService<'_>) {
    let service = make(bank());
    let missing = refused(&service, "ZZZ", 404).await;
    let reply = ask(&service, "OLD").await;
    assert!(reply.status.is_server_error());
    let failed = reply.json["error"].as_str().expect("the error has a text");
    for detail in ["rates/", "404", "503"] {
        assert!(!missing.contains(detail), "{missing}");
        assert!(!failed.contains(detail), "{failed}");
    }
}
