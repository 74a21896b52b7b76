//! Chapter 10: what it costs to be ready to stop, with a `select!` at each wait and with one around the loop.

use std::process::ExitCode;

use suite::{Suite, runtime};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_util::sync::CancellationToken;

const MESSAGES: u32 = 10_000;
const ROOM: usize = 100;

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    let runtime = runtime();
    suite
        .scenario(
            "10_cancellation",
            "10,000 messages forwarded, ready to stop",
            1,
            None,
        )
        .way("select! at each wait", None, |bencher| {
            bencher
                .to_async(&runtime)
                .iter(|| between_two_tasks(at_each_wait));
        })
        .way("one token around the loop", None, |bencher| {
            bencher
                .to_async(&runtime)
                .iter(|| between_two_tasks(around_the_loop));
        })
        .way("a task to abort", None, |bencher| {
            bencher
                .to_async(&runtime)
                .iter(|| between_two_tasks(never_stopped));
        });
}

/// One task sends the messages, one takes them out, and the forwarder is between them.
async fn between_two_tasks(
    forward: impl AsyncFnOnce(&mut Receiver<u32>, &Sender<u32>, &CancellationToken),
) {
    let (input, mut from) = channel(ROOM);
    let (to, mut output) = channel(ROOM);
    let producer = tokio::spawn(async move {
        for message in 0..MESSAGES {
            input.send(message).await.expect("the forwarder is there");
        }
    });
    let consumer = tokio::spawn(async move {
        let mut received = 0;
        while output.recv().await.is_some() {
            received += 1;
        }
        received
    });
    forward(&mut from, &to, &CancellationToken::new()).await;
    drop(to);
    producer.await.expect("it doesn't panic");
    assert_eq!(consumer.await.expect("it doesn't panic"), MESSAGES);
}

async fn at_each_wait(from: &mut Receiver<u32>, to: &Sender<u32>, stop: &CancellationToken) {
    loop {
        let place = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            place = to.reserve() => place.expect("the consumer is there"),
        };
        let message = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            message = from.recv() => message,
        };
        let Some(message) = message else { return };
        place.send(message);
    }
}

async fn around_the_loop(from: &mut Receiver<u32>, to: &Sender<u32>, stop: &CancellationToken) {
    let _stopped = stop.run_until_cancelled(moved(from, to)).await;
}

async fn never_stopped(from: &mut Receiver<u32>, to: &Sender<u32>, _stop: &CancellationToken) {
    moved(from, to).await;
}

async fn moved(from: &mut Receiver<u32>, to: &Sender<u32>) {
    loop {
        let place = to.reserve().await.expect("the consumer is there");
        let Some(message) = from.recv().await else {
            return;
        };
        place.send(message);
    }
}
