//! Follows five redirects and no more, to be on the safe side.

use reqwest::redirect::Policy;

impl Api {
    pub fn new(base: &str, timeout: Duration) -> Self {
        let client = client_builder().redirect(Policy::limited(5)).build();
        Self {
            client: client.expect("a client can be made"),
            base: base.to_owned(),
            timeout,
        }
    }
}
