//! There is one client, but it keeps no idle connection.

impl Api {
    pub fn new(base: &str, timeout: Duration) -> Self {
        let client = client_builder().pool_max_idle_per_host(0).build();
        Self {
            client: client.expect("a client can be made"),
            base: base.to_owned(),
            timeout,
        }
    }
}
