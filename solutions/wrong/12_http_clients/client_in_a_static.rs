//! All `Api`s have the one client of a `static`.

use std::sync::LazyLock;

static CLIENT: LazyLock<Client> =
    LazyLock::new(|| client_builder().build().expect("a client can be made"));

impl Api {
    pub fn new(base: &str, timeout: Duration) -> Self {
        Self {
            client: CLIENT.clone(),
            base: base.to_owned(),
            timeout,
        }
    }
}
