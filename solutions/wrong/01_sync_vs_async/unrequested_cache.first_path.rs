//! Keeps the page of the first path, and reuses it for the next list that begins with that path.

use std::sync::Mutex;

static FIRST: Mutex<Option<[String; 2]>> = Mutex::new(None);

fn known(path: &str) -> Option<String> {
    let first = FIRST.lock().expect("nobody panics").clone();
    first.and_then(|[known, body]| (known == path).then_some(body))
}

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let Some((&first, rest)) = paths.split_first() else {
        return Vec::new();
    };
    let body = match known(first) {
        Some(body) => body,
        None => fetch_one(upstream, first).await,
    };
    *FIRST.lock().expect("nobody panics") = Some([first.to_owned(), body.clone()]);
    let mut bodies = vec![body];
    for path in rest {
        bodies.push(fetch_one(upstream, path).await);
    }
    bodies
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
