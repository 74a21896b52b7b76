//! A `BTreeMap` keeps its entries in the order of their keys, which isn't the order of the paths.

use std::collections::BTreeMap;

pub async fn in_order(upstream: &Upstream, paths: &[&str]) -> Vec<String> {
    let mut bodies = BTreeMap::new();
    for (index, path) in paths.iter().enumerate() {
        bodies.insert((*path, index), upstream.fetch(path).await.body);
    }
    bodies.into_values().collect()
}
