fn spawn(_: impl Future<Output = usize> + Send + 'static) {}

pub fn count() {
    let paths = vec!["users", "posts"];
    spawn(async { paths.len() });
}
