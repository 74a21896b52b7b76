//! Runtime: who polls.
//!
//! A future does nothing until a thread polls it, and the runtime decides which one does. On `current_thread` it
//! is the thread that is inside `block_on`, and no other; `multi_thread` has workers, which poll what was spawned.
//!
//!     cargo run --example 02_runtime
//!
//! runs the same program on both, says which threads polled what, and ends with two panics of tokio's, caught. It
//! begins with
//!
//!     Spawned, and nobody is in block_on:
//!       on current_thread   polled 0 times
//!       on multi_thread     polled 1 time
//!
//! and prints the same on either clock: only what holds however the threads are scheduled.

use std::{
    error::Error,
    panic,
    sync::{Arc, Barrier, mpsc},
    time::Duration,
};

use async_workbook::{clock::Clock, probes::threads::Polls, verdict::catch_panic_blocking};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    time::sleep,
};

fn main() -> Result<(), Box<dyn Error>> {
    let one = Clock::from_env()?.runtime()?;
    let many = Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("worker")
        .enable_all()
        .build()?;

    nobody_in_block_on(&one, &many)?;
    show("current_thread", &one);
    show("multi_thread with 2 workers", &many);
    // The messages are printed below, and not by the hook as well.
    panic::set_hook(Box::new(|_| {}));
    two_panics(&one, &many);
    Ok(())
}

// ANCHOR: nobody
/// A task on each runtime, spawned by `main`, which then waits on a channel, outside of any `block_on`.
fn nobody_in_block_on(one: &Runtime, many: &Runtime) -> Result<(), Box<dyn Error>> {
    let (on_one, on_many) = (Polls::new(), Polls::new());
    let (done, ended) = mpsc::channel();

    let waiting = one.spawn(on_one.watch("task", async {}));
    many.spawn(on_many.watch("task", async move { done.send(()) }));
    ended.recv()?;

    println!("Spawned, and nobody is in block_on:");
    println!("  on current_thread   polled {} times", on_one.all().len());
    println!("  on multi_thread     polled {} time", on_many.all().len());
    // Now this thread is there to poll, and the first task, as old as the second, has its turn.
    one.block_on(waiting)?;
    println!("As soon as main is in block_on:");
    println!("  on current_thread   polled {} time", on_one.all().len());
    Ok(())
}
// ANCHOR_END: nobody

// ANCHOR: program
/// Two tasks that wait for 0.1 s each. If there are two workers, they meet first.
async fn program(polls: Polls) {
    // Opens once so many threads are at it, each in the middle of a poll: on `current_thread`, one is enough.
    let meet = Arc::new(Barrier::new(Handle::current().metrics().num_workers()));
    let spawn = |name| {
        let meet = Arc::clone(&meet);
        tokio::spawn(polls.watch(name, async move {
            meet.wait();
            sleep(Duration::from_millis(100)).await;
        }))
    };
    // Both are spawned before either is awaited.
    let (a, b) = (spawn("task a"), spawn("task b"));
    a.await.expect("it doesn't panic");
    b.await.expect("it doesn't panic");
}
// ANCHOR_END: program

fn show(flavour: &str, runtime: &Runtime) {
    let (whole, tasks) = (Polls::new(), Polls::new());
    runtime.block_on(whole.watch("block_on", program(tasks.clone())));

    println!("\nThe same program on {flavour}:");
    let caller = &whole.all()[0].thread_name;
    println!("  block_on's future   polled by {caller}");
    for task in ["task a", "task b"] {
        let polls = tasks.of(task);
        let (times, name) = (polls.len(), &polls[0].thread_name);
        println!("  {task}              polled {times} times, first by {name}");
    }
    let (threads, together) = (tasks.threads(), tasks.together());
    println!("  threads that polled the tasks: {threads}; at the same moment: {together}");
}

// ANCHOR: panics
/// What tokio says where no runtime is there to poll, and where its thread would be blocked.
fn two_panics(one: &Runtime, many: &Runtime) {
    let off_the_runtime = catch_panic_blocking(|| drop(sleep(Duration::ZERO)));
    let nested = catch_panic_blocking(|| one.block_on(async { many.block_on(async {}) }));

    for (what, outcome) in [
        ("sleep outside of any runtime", off_the_runtime),
        ("block_on inside block_on", nested),
    ] {
        println!("\n{what} panics:\n  {}", outcome.expect_err("it panics"));
    }
}
// ANCHOR_END: panics
