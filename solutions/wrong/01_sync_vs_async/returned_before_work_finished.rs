//! Spawns the task, and doesn't wait for it. Its page comes after the function has returned.

use std::sync::{Arc, Mutex};

pub async fn fetch_one(upstream: &Upstream, path: &str) -> String {
    let body = Arc::new(Mutex::new(String::new()));
    let (upstream, path) = (upstream.clone(), path.to_owned());
    tokio::spawn({
        let body = Arc::clone(&body);
        async move { *body.lock().expect("nobody panics") = upstream.fetch(&path).await.body }
    });
    let body = body.lock().expect("nobody panics");
    body.clone()
}
