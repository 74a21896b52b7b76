//! Chapter 07: how long a user waits for the answer, with the mail before the response and after it.

use std::{
    process::ExitCode,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_workbook::services::mailer::{MailError, Mailer};
use futures::future::BoxFuture;
use suite::{Suite, runtime};
use tokio::task::JoinSet;

/// The latencies of the source documents' mailers, in seconds, and what these say of the response.
const MAILERS: [(u64, &str); 2] = [(2, "the response at once"), (5, "the response at once")];

/// By how much the bench is shorter.
const SCALE: u32 = 50;

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    let runtime = runtime();
    for (seconds, source) in MAILERS {
        let latency = Duration::from_secs(seconds) / SCALE;
        let mailer: Arc<dyn Mailer> = Arc::new(Sleeper(latency));
        let jobs = Mutex::new(JoinSet::new());
        suite
            .scenario(
                "07_background_tasks",
                &format!("a mail of {seconds} s"),
                SCALE,
                Some(source),
            )
            .way("before the response", Some(latency), |bencher| {
                bencher
                    .to_async(&runtime)
                    .iter(|| before_the_response(&*mailer));
            })
            .way("after the response", None, |bencher| {
                bencher.to_async(&runtime).iter_custom(|times| {
                    let (mailer, jobs) = (&mailer, &jobs);
                    async move {
                        let mut total = Duration::ZERO;
                        for _ in 0..times {
                            let start = Instant::now();
                            after_the_response(mailer, jobs);
                            total += start.elapsed();
                            // The mails go out meanwhile, which is not what the user waits for.
                            tokio::task::yield_now().await;
                        }
                        total
                    }
                });
            });
    }
}

async fn before_the_response(mailer: &dyn Mailer) {
    let sent = mailer.send("ada@example.org", "Welcome!").await;
    sent.expect("a sleeper takes every mail");
}

fn after_the_response(mailer: &Arc<dyn Mailer>, jobs: &Mutex<JoinSet<()>>) {
    let mut jobs = jobs.lock().expect("nothing panics under this lock");
    while let Some(joined) = jobs.try_join_next() {
        joined.expect("no job panics");
    }
    let mailer = Arc::clone(mailer);
    jobs.spawn(async move { before_the_response(&*mailer).await });
}

/// A mailer that remembers nothing, however many mails it is given.
struct Sleeper(Duration);

impl Mailer for Sleeper {
    fn send(&self, _to: &str, _text: &str) -> BoxFuture<'_, Result<(), MailError>> {
        Box::pin(async {
            tokio::time::sleep(self.0).await;
            Ok(())
        })
    }
}
