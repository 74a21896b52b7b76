//! All services of the process call over the connections of one client.

use std::sync::LazyLock;

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let client = Client::builder().no_proxy().build();
    client.expect("a client without TLS needs nothing of the system")
});

fn new_client() -> Client {
    CLIENT.clone()
}
