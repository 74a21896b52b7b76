//! Which branch of a `select!` runs: order, patterns, `else` and preconditions.

use std::{future::ready, mem, pin::pin, time::Duration};

use tokio::{
    sync::mpsc::{self, Receiver, Sender},
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use crate::call::{Down, Page, fail, ms, succeed, timed};

// ANCHOR: biased
/// Does the jobs of a queue until it is told to stop. Returns how many it has done.
async fn work(mut jobs: Receiver<u32>, stop: CancellationToken) -> u32 {
    let mut done = 0;
    loop {
        tokio::select! {
            biased; // From top to bottom: jobs without end can't keep the stop waiting.
            () = stop.cancelled() => return done,
            job = jobs.recv() => match job {
                Some(_job) => done += 1,
                None => return done, // The last sender is gone.
            },
        }
    }
}
// ANCHOR_END: biased

/// Which of two branches that are always ready is taken how often.
async fn taken(turns: usize) -> (usize, usize) {
    let (mut first, mut second) = (0, 0);
    for _ in 0..turns {
        tokio::select! {
            () = ready(()) => first += 1,
            () = ready(()) => second += 1,
        }
    }
    (first, second)
}

// ANCHOR: patterns
/// The page of whichever mirror succeeds first.
async fn first_success(second: impl Future<Output = Result<Page, Down>>) -> Result<Page, Down> {
    tokio::select! {
        Ok(page) = fail("mirror/1", 100) => Ok(page),
        Ok(page) = second => Ok(page),
        else => Err(Down("every mirror")),
    }
}
// ANCHOR_END: patterns

// ANCHOR: batches
/// Passes numbers on in batches: once a batch is full, or its first number is as old as `patience`.
async fn batch(mut numbers: Receiver<u32>, batches: Sender<Vec<u32>>, patience: Duration) {
    let mut batch = Vec::new();
    let mut deadline = pin!(sleep(patience));
    loop {
        let full = tokio::select! {
            number = numbers.recv() => {
                let Some(number) = number else { break };
                if batch.is_empty() {
                    deadline.as_mut().reset(Instant::now() + patience);
                }
                batch.push(number);
                batch.len() == 3
            }
            // An empty batch has no deadline.
            () = &mut deadline, if !batch.is_empty() => true,
        };
        if full && batches.send(mem::take(&mut batch)).await.is_err() {
            return; // Nobody wants them any more.
        }
    }
    batches.send(batch).await.ok();
}
// ANCHOR_END: batches

#[tokio::test]
async fn a_biased_stop_comes_before_a_full_queue() {
    let queue = async || {
        let (sender, jobs) = mpsc::channel(3);
        for job in [1, 2, 3] {
            sender.send(job).await.expect("the queue has room");
        }
        jobs
    };
    let stop = CancellationToken::new();
    assert_eq!(work(queue().await, stop.clone()).await, 3);
    stop.cancel();
    assert_eq!(work(queue().await, stop).await, 0);
}

#[tokio::test]
async fn without_bias_both_branches_have_their_turn() {
    let (first, second) = taken(1_000).await;
    assert_eq!(first + second, 1_000);
    // Either would be missing once in 2^1000 runs.
    assert!(first > 0 && second > 0, "{first} and {second}");
}

#[tokio::test(start_paused = true)]
async fn a_pattern_that_does_not_match_leaves_the_other_branches() {
    let page = timed(first_success(succeed("mirror/2", 300))).await;
    assert_eq!(page, (Ok("mirror/2"), ms(300)));
    let page = timed(first_success(fail("mirror/2", 300))).await;
    assert_eq!(page, (Err(Down("every mirror")), ms(300)));
}

#[tokio::test(start_paused = true)]
async fn a_batch_goes_out_when_it_is_full_or_old() {
    let (sender, numbers) = mpsc::channel(1);
    let (batches, mut sent) = mpsc::channel(1);
    let source = async move {
        for (number, pause) in [(1, 0), (2, 0), (3, 0), (4, 500), (5, 90), (6, 20)] {
            sleep(ms(pause)).await;
            sender.send(number).await.expect("the other end is there");
        }
    };
    let start = Instant::now();
    let out = async {
        let mut out = Vec::new();
        while let Some(batch) = sent.recv().await {
            out.push((batch, start.elapsed()));
        }
        out
    };
    let ((), (), out) = tokio::join!(source, batch(numbers, batches, ms(100)), out);
    // The third is what is left when the numbers end.
    let expected = [
        (vec![1, 2, 3], ms(0)),
        (vec![4, 5], ms(600)),
        (vec![6], ms(610)),
    ];
    assert_eq!(out, expected);
}

#[tokio::test]
#[should_panic = "all branches are disabled and there is no else branch"]
async fn without_else_a_select_of_no_branch_panics() {
    let (sender, mut jobs) = mpsc::channel::<u32>(1);
    drop(sender);
    tokio::select! {
        Some(_) = jobs.recv() => {}
    }
}
