//! Keeps the pages of all lists, and fetches none of them twice.

use std::{collections::BTreeMap, sync::Mutex};

static KNOWN: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

fn known(path: &str) -> Option<String> {
    let known = KNOWN.lock().expect("nobody panics");
    known.get(path).cloned()
}

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = Vec::with_capacity(paths.len());
    for &path in paths {
        let body = match known(path) {
            Some(body) => body,
            None => upstream.fetch(path).await.body,
        };
        let mut known = KNOWN.lock().expect("nobody panics");
        known.insert(path.to_owned(), body.clone());
        bodies.push(body);
    }
    bodies
}

pub fn prepare(_: &Upstream, _: &str) -> impl Future<Output = String> {
    async { todo!("another task") }
}
