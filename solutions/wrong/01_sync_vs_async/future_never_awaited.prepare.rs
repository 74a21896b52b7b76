//! The block is awaited, and the future inside it is not.

pub fn prepare(upstream: &Upstream, path: &str) -> impl Future<Output = String> {
    async move {
        let _call = upstream.fetch(path);
        path.to_owned()
    }
}
