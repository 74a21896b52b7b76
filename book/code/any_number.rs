//! As many futures as the program happens to have, gathered.

use futures::future::join_all;
use tokio::time::sleep;

use crate::call::{ms, timed};

/// A server, how many milliseconds it takes to answer, and what it answers.
struct Server {
    latency: u64,
    healthy: bool,
}

impl Server {
    async fn check(&self) -> bool {
        sleep(ms(self.latency)).await;
        self.healthy
    }
}

// ANCHOR: any_number
/// How many servers there are, the configuration says.
async fn health(servers: &[Server]) -> Vec<bool> {
    let mut checks = Vec::new();
    for server in servers {
        // Makes a future, and starts nothing.
        checks.push(server.check());
    }
    join_all(checks).await
}
// ANCHOR_END: any_number

#[tokio::test(start_paused = true)]
async fn any_number_of_checks_takes_as_long_as_the_slowest_and_keeps_the_order() {
    let server = |latency, healthy| Server { latency, healthy };
    let three = [server(30, true), server(10, false), server(20, true)];
    assert_eq!(
        timed(health(&three)).await,
        (vec![true, false, true], ms(30))
    );
    assert_eq!(timed(health(&[])).await, (vec![], ms(0)));
}
