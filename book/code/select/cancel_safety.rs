//! What is lost when a branch of a `select!` is dropped, and how to lose nothing.

use tokio::{
    sync::mpsc::{self, Receiver, Sender},
    time::{sleep, timeout},
};

use crate::call::ms;

// ANCHOR: lost
/// Whether the job was queued in time. If not, it is gone.
async fn offered_or_lost(queue: &Sender<String>, job: String) -> bool {
    tokio::select! {
        sent = queue.send(job) => sent.is_ok(),
        () = sleep(ms(100)) => false, // `send` is dropped here, and the job with it.
    }
}
// ANCHOR_END: lost

// ANCHOR: kept
/// Queues the job in time, or gives it back.
async fn offered(queue: &Sender<String>, job: String) -> Result<(), String> {
    tokio::select! {
        room = queue.reserve() => match room {
            Ok(place) => {
                place.send(job);
                Ok(())
            }
            Err(_closed) => Err(job),
        },
        () = sleep(ms(100)) => Err(job), // Only the wait for room is dropped.
    }
}
// ANCHOR_END: kept

// ANCHOR: pair
/// Not cancel safe: the first number is in a variable of this future.
async fn pair(numbers: &mut Receiver<u32>) -> Option<(u32, u32)> {
    let first = numbers.recv().await?;
    let second = numbers.recv().await?; // Dropped here, it takes the first number along.
    Some((first, second))
}
// ANCHOR_END: pair

// ANCHOR: pairs
struct Pairs {
    numbers: Receiver<u32>,
    first: Option<u32>, // Outlives a call of `next` that is dropped.
}

impl Pairs {
    /// Cancel safe: nothing is in this future alone while it waits.
    async fn next(&mut self) -> Option<(u32, u32)> {
        if self.first.is_none() {
            self.first = Some(self.numbers.recv().await?);
        }
        let second = self.numbers.recv().await?;
        self.first.take().map(|first| (first, second))
    }
}
// ANCHOR_END: pairs

#[tokio::test(start_paused = true)]
async fn send_loses_the_job_and_reserve_does_not() {
    let (queue, mut jobs) = mpsc::channel(1);
    assert!(offered_or_lost(&queue, "a".into()).await);
    assert!(!offered_or_lost(&queue, "b".into()).await);
    assert_eq!(offered(&queue, "c".into()).await, Err("c".to_owned()));
    assert_eq!(jobs.recv().await.as_deref(), Some("a"));
    assert_eq!(offered(&queue, "c".into()).await, Ok(()));
    drop(queue);
    assert_eq!(jobs.recv().await.as_deref(), Some("c"));
    assert_eq!(jobs.recv().await, None, "`b` is nowhere");
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_in_a_struct_outlives_the_future() {
    let (sender, mut numbers) = mpsc::channel(3);
    let send = async |number| sender.send(number).await.expect("the receiver is there");
    send(1).await;
    assert!(timeout(ms(100), pair(&mut numbers)).await.is_err());
    send(2).await;
    send(3).await;
    assert_eq!(pair(&mut numbers).await, Some((2, 3)), "1 is lost");

    let mut pairs = Pairs {
        numbers,
        first: None,
    };
    send(1).await;
    assert!(timeout(ms(100), pairs.next()).await.is_err());
    send(2).await;
    send(3).await;
    assert_eq!(pairs.next().await, Some((1, 2)));
    drop(sender);
    assert_eq!(pairs.next().await, None, "3 has no other");
}
