//! Waiting until something has changed: `Notify`, which remembers little, and `watch`, which keeps the newest value.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::{
    sync::{Notify, watch},
    task::yield_now,
    time::timeout,
};

use crate::call::{fetch, ms};

struct Door {
    open: AtomicBool,
    opened: Notify,
}

impl Door {
    fn new() -> Self {
        Self {
            open: AtomicBool::new(false),
            opened: Notify::new(),
        }
    }

    // ANCHOR: open
    fn open(&self) {
        self.open.store(true, Ordering::Release);
        // Wakes the `notified()` futures that exist now, and is forgotten.
        self.opened.notify_waiters();
    }
    // ANCHOR_END: open

    // ANCHOR: too_late
    async fn too_late(&self) {
        if !self.open.load(Ordering::Acquire) {
            fetch("log: waiting", 10).await; // The door opens here.
            self.opened.notified().await;
        }
    }
    // ANCHOR_END: too_late

    // ANCHOR: in_time
    async fn in_time(&self) {
        // Made first: whatever is sent from here on reaches it, even before it's polled.
        let opened = self.opened.notified();
        if !self.open.load(Ordering::Acquire) {
            fetch("log: waiting", 10).await;
            opened.await;
        }
    }
    // ANCHOR_END: in_time
}

#[tokio::test(start_paused = true)]
async fn a_notification_reaches_only_futures_that_exist() {
    let door = Door::new();
    let open = async {
        yield_now().await;
        door.open();
    };
    let both = async { tokio::join!(door.too_late(), open) };
    assert!(timeout(ms(3_600_000), both).await.is_err());

    let door = Door::new();
    let open = async {
        yield_now().await;
        door.open();
    };
    let both = async { tokio::join!(door.in_time(), open) };
    assert!(timeout(ms(3_600_000), both).await.is_ok());
}

// ANCHOR: watch
/// Whoever waits looks at the newest value first, so there's nothing to miss.
async fn until_open(mut open: watch::Receiver<bool>) {
    open.wait_for(|open| *open)
        .await
        .expect("the sender is there");
}
// ANCHOR_END: watch

#[tokio::test(start_paused = true)]
async fn a_watch_channel_keeps_the_newest_value_for_who_comes_later() {
    let (sender, receiver) = watch::channel(false);
    let early = tokio::spawn(until_open(receiver.clone()));
    yield_now().await;
    sender.send_replace(true);
    early.await.expect("it was woken");
    until_open(receiver.clone()).await;
    // It keeps no history.
    let (numbers, mut newest) = watch::channel(0);
    for number in 1..=3 {
        numbers.send_replace(number);
    }
    newest.changed().await.expect("the sender is there");
    assert_eq!(*newest.borrow_and_update(), 3);
    assert!(!newest.has_changed().expect("the sender is there"));
}

#[tokio::test(start_paused = true)]
async fn notify_one_keeps_one_permit() {
    let notify = Arc::new(Notify::new());
    notify.notify_one();
    notify.notify_one();
    notify.notified().await;
    assert!(
        timeout(ms(1000), notify.notified()).await.is_err(),
        "two were one"
    );
}
