//! Chapter 07: how long a user waits for the answer, with the mail before the response and after it.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_workbook::mailer::{MailError, Mailer};
use criterion::Criterion;
use futures::future::BoxFuture;
use tokio::{runtime::Builder, task::JoinSet};

/// The latencies of the source documents' mailers, in seconds; here a hundred times shorter.
const MAILERS: [u64; 2] = [2, 5];

pub(crate) fn bench(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime needs nothing but file descriptors");
    for seconds in MAILERS {
        let mailer: Arc<dyn Mailer> = Arc::new(Sleeper(Duration::from_millis(seconds * 10)));
        let jobs = Mutex::new(JoinSet::new());
        let mut group =
            criterion.benchmark_group(format!("07_background_tasks/a mail of {seconds} s, 1:100"));
        group.bench_function("before the response", |bencher| {
            bencher
                .to_async(&runtime)
                .iter(|| before_the_response(&*mailer));
        });
        group.bench_function("after the response", |bencher| {
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
        group.finish();
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
