//! What a blocked worker of a runtime holds up, and what it does not. Nothing here waits for a time: each blocked task waits
//! for a message that only another task can send.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use tokio::{
    runtime::{Builder, Runtime},
    task::block_in_place,
};

pub(super) fn runtime(workers: usize) -> Runtime {
    let runtime = Builder::new_multi_thread().worker_threads(workers).build();
    runtime.expect("a runtime needs nothing but file descriptors")
}

/// Blocks as many workers as this with a task each, until the sender is dropped; returns once all of them are blocked.
pub(super) fn block(runtime: &Runtime, workers: usize) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let released = Arc::new(std::sync::Mutex::new(released));
    let (blocked, all_blocked) = mpsc::channel();
    for _ in 0..workers {
        let (released, blocked) = (Arc::clone(&released), blocked.clone());
        runtime.spawn(async move {
            blocked.send(()).expect("the test waits for this");
            // The first waits for the message, and the others for its lock.
            drop(released.lock().map(|released| released.recv()));
        });
    }
    for _ in 0..workers {
        all_blocked.recv().expect("each task begins");
    }
    release
}

#[test]
fn one_blocked_worker_of_four_leaves_three() {
    // ANCHOR: one_of_four
    let runtime = runtime(4);
    let release = block(&runtime, 1);
    for _ in 0..100 {
        let request = runtime.spawn(async { "an answer" });
        let answer = futures::executor::block_on(request);
        assert_eq!(answer.ok(), Some("an answer"));
    }
    drop(release);
    // ANCHOR_END: one_of_four
}

#[test]
fn four_blocked_workers_of_four_leave_none() {
    // ANCHOR: four_of_four
    let runtime = runtime(4);
    let release = block(&runtime, 4);
    let request = runtime.spawn(async { "an answer" });
    let others: Vec<_> = (0..100).map(|_| runtime.spawn(async {})).collect();
    assert!(!request.is_finished());
    assert!(others.iter().all(|other| !other.is_finished()));

    drop(release);
    let answer = futures::executor::block_on(request);
    assert_eq!(answer.ok(), Some("an answer"));
    // ANCHOR_END: four_of_four
}

#[test]
fn what_is_in_the_lifo_slot_is_stuck_with_its_worker() {
    let runtime = runtime(4);
    let waits = runtime.spawn(async {
        // ANCHOR: lifo_slot
        let (sender, receiver) = mpsc::channel();
        tokio::spawn(async move { sender.send("first") });
        let ran = Arc::new(AtomicBool::new(false));
        let second = Arc::clone(&ran);
        // The newest task takes the slot, and the one before it moves to the queue.
        tokio::spawn(async move { second.store(true, Ordering::SeqCst) });

        let first = receiver.recv(); // Blocks this worker. Another one steals the first task from its queue …
        let second = ran.load(Ordering::SeqCst); // … and nobody can take the second from its slot.
        // ANCHOR_END: lifo_slot
        (first, second)
    });
    let (first, second) = futures::executor::block_on(waits).expect("it does not panic");
    assert_eq!((first, second), (Ok("first"), false));
}

#[test]
fn block_in_place_hands_one_worker_of_one_to_a_new_thread() {
    let runtime = runtime(1);
    let blocks = runtime.spawn(async {
        let blocked = thread::current().id();
        let (sender, receiver) = mpsc::channel();
        tokio::spawn(async move { sender.send(thread::current().id()) });
        // With `receiver.recv()` alone this would wait for ever: the task is queued on this worker.
        let other = block_in_place(|| receiver.recv());
        other.is_ok_and(|other| other != blocked)
    });
    assert_eq!(futures::executor::block_on(blocks).ok(), Some(true));
}
