//! An idle worker takes tasks from the queue of a busy one.

use std::{sync::mpsc, thread};

use tokio::runtime::Builder;

#[test]
fn an_idle_worker_steals_from_a_busy_one() {
    let runtime = Builder::new_multi_thread().worker_threads(2).build();
    let runtime = runtime.expect("a runtime needs nothing but file descriptors");
    let stolen = runtime.spawn(async {
        // ANCHOR: stolen
        let (tell, told) = mpsc::channel();
        for _ in 0..10 {
            let tell = tell.clone();
            // Goes to the queue of this worker.
            tokio::spawn(async move { tell.send(thread::current().id()) });
        }
        // This task keeps its worker: it blocks until nine of the ten have run.
        let ran_on: Vec<_> = told.iter().take(9).collect();
        let stolen = ran_on
            .iter()
            .all(|thread| *thread != thread::current().id());
        // ANCHOR_END: stolen
        (stolen, ran_on.len())
    });
    assert_eq!(
        futures::executor::block_on(stolen).ok(),
        Some((true, 9)),
        "the other worker ran them"
    );
}
