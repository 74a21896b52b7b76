//! Chapter 02: a runtime for each call, beside one that is kept.
//!
//! The calls have no latency, so that what differs is the runtime: making it, and ending it.

use std::{process::ExitCode, time::Duration};

use async_workbook::services::upstream::Upstream;
use suite::Suite;
use tokio::runtime::{Builder, Runtime};

/// As many calls as the source documents have requests in a row.
const CALLS: usize = 10;

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    for (flavour, build) in [
        ("current_thread", current_thread as fn() -> Runtime),
        ("multi_thread, 2 workers", multi_thread),
    ] {
        let upstream = Upstream::builder().page("users", Duration::ZERO).build();
        let call = |runtime: &Runtime| runtime.block_on(upstream.fetch("users"));
        let kept = build();
        suite
            .scenario(
                "02_runtime",
                &format!("{CALLS} calls on {flavour}"),
                1,
                None,
            )
            .way("a runtime per call", None, |bencher| {
                bencher.iter(|| {
                    for _ in 0..CALLS {
                        call(&build());
                    }
                });
            })
            .way("one runtime", None, |bencher| {
                bencher.iter(|| {
                    for _ in 0..CALLS {
                        call(&kept);
                    }
                });
            });
    }
}

fn current_thread() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors")
}

fn multi_thread() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("two threads are to be had")
}
