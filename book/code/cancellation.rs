//! What runs when a future is dropped, who cleans up, and how to be told to stop.

use std::{
    cell::{Cell, RefCell},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    sync::{Notify, mpsc},
    time::{sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::call::{Page, fetch, ms, timed};

// ANCHOR: afterwards
async fn cleans_up_afterwards(in_use: &Cell<u32>) {
    in_use.set(in_use.get() + 1);
    fetch("report", 200).await; // Dropped here, it never comes to the next line.
    in_use.set(in_use.get() - 1);
}
// ANCHOR_END: afterwards

// ANCHOR: guard
struct InUse<'a>(&'a Cell<u32>);

impl<'a> InUse<'a> {
    fn new(in_use: &'a Cell<u32>) -> Self {
        in_use.set(in_use.get() + 1);
        Self(in_use)
    }
}

impl Drop for InUse<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

async fn has_a_guard(in_use: &Cell<u32>) {
    let _in_use = InUse::new(in_use);
    fetch("report", 200).await; // However this ends, the guard is dropped.
}
// ANCHOR_END: guard

#[tokio::test(start_paused = true)]
async fn only_a_guard_cleans_up_after_a_drop() {
    let in_use = Cell::new(0);
    let given_up = timeout(ms(100), cleans_up_afterwards(&in_use)).await;
    assert_eq!((given_up.is_err(), in_use.get()), (true, 1));
    in_use.set(0);
    let given_up = timeout(ms(100), has_a_guard(&in_use)).await;
    assert_eq!((given_up.is_err(), in_use.get()), (true, 0));
}

// ANCHOR: janitor
/// Tells the server that its user has gone. A call like any other: it takes time, and may hang.
async fn sign_off(server: &Server, user: u32) {
    sleep(server.latency).await;
    server.signed_off.borrow_mut().push(user);
}

struct Session {
    user: u32,
    gone: mpsc::UnboundedSender<u32>,
}

impl Drop for Session {
    fn drop(&mut self) {
        // Sending doesn't wait. An error means that the janitor has stopped, and the program with it.
        let _stopped = self.gone.send(self.user);
    }
}

async fn janitor(server: &Server, mut gone: mpsc::UnboundedReceiver<u32>) {
    while let Some(user) = gone.recv().await {
        let _too_late = timeout(Duration::from_secs(5), sign_off(server, user)).await;
    }
}
// ANCHOR_END: janitor

struct Server {
    latency: Duration,
    signed_off: RefCell<Vec<u32>>,
}

#[tokio::test(start_paused = true)]
async fn the_janitor_signs_off_whoever_was_dropped() {
    let server = Server {
        latency: ms(300),
        signed_off: RefCell::default(),
    };
    let (gone, leaving) = mpsc::unbounded_channel();
    let sessions = async {
        for user in 1..=3 {
            let session = Session {
                user,
                gone: gone.clone(),
            };
            let work = async {
                let _session = session;
                fetch("report", 200 * u64::from(user)).await
            };
            let _given_up = timeout(ms(500), work).await;
        }
        drop(gone);
    };
    let ((), ((), took)) = tokio::join!(sessions, timed(janitor(&server, leaving)));
    assert_eq!(*server.signed_off.borrow(), [1, 2, 3]);
    // The third was given up after 0.2 + 0.4 + 0.5 s.
    assert_eq!(took, ms(1400));
}

#[tokio::test(start_paused = true)]
async fn the_janitor_gives_up_on_a_server_that_hangs() {
    let server = Server {
        latency: Duration::from_secs(3600),
        signed_off: RefCell::default(),
    };
    let (gone, leaving) = mpsc::unbounded_channel();
    drop(Session { user: 1, gone });
    let ((), took) = timed(janitor(&server, leaving)).await;
    assert_eq!(took, ms(5000));
}

// ANCHOR: shield
/// Both steps, or none: a task isn't dropped when its handle is.
async fn transfer(bank: &Arc<Bank>, tracker: &TaskTracker) -> u32 {
    let bank = Arc::clone(bank);
    let both = async move {
        bank.take(100).await;
        bank.put(100).await // A caller who has gone doesn't end it here.
    };
    tracker.spawn(both).await.expect("it doesn't panic")
}
// ANCHOR_END: shield

#[derive(Default)]
struct Bank(Mutex<(u32, u32)>);

impl Bank {
    async fn take(&self, amount: u32) {
        sleep(ms(100)).await;
        self.0.lock().expect("nobody panics under it").0 += amount;
    }

    async fn put(&self, amount: u32) -> u32 {
        sleep(ms(100)).await;
        let mut moved = self.0.lock().expect("nobody panics under it");
        moved.1 += amount;
        moved.1
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_on_a_tracked_task_ends_when_its_caller_has_gone() {
    let (bank, tracker) = (Arc::new(Bank::default()), TaskTracker::new());
    let given_up = timeout(ms(150), transfer(&bank, &tracker)).await;
    assert!(given_up.is_err());
    assert_eq!(*bank.0.lock().expect("nobody panics under it"), (100, 0));
    tracker.close();
    tracker.wait().await;
    assert_eq!(*bank.0.lock().expect("nobody panics under it"), (100, 100));
}

// ANCHOR: filled
/// Keeps the page. A caller who gives up halfway drops the fetch, and the next one begins anew.
async fn cached(cache: &RefCell<Option<Page>>) -> Page {
    if let Some(page) = *cache.borrow() {
        return page;
    }
    let page = fetch("report", 800).await;
    *cache.borrow_mut() = Some(page);
    page
}
// ANCHOR_END: filled

#[tokio::test(start_paused = true)]
async fn a_cache_is_never_filled_by_callers_who_give_up() {
    let cache = RefCell::new(None);
    for _ in 0..10 {
        assert!(timeout(ms(500), cached(&cache)).await.is_err());
    }
    assert!(cache.borrow().is_none());
    assert_eq!(cached(&cache).await, "report");
}

// ANCHOR: token
/// Fetches pages until it's told to stop, and says how many it has.
async fn crawl(stop: &CancellationToken) -> u32 {
    let mut pages = 0;
    let crawling = async {
        loop {
            fetch("page", 200).await;
            pages += 1;
        }
    };
    // Drops the loop wherever it waits. What it knows by then is outside of it.
    let _stopped: Option<()> = stop.run_until_cancelled(crawling).await;
    pages
}
// ANCHOR_END: token

#[tokio::test(start_paused = true)]
async fn a_token_drops_what_it_runs() {
    let stop = CancellationToken::new();
    let stopping = async {
        sleep(ms(500)).await;
        stop.cancel();
    };
    let ((pages, took), ()) = tokio::join!(timed(crawl(&stop)), stopping);
    assert_eq!((pages, took), (2, ms(500)));
}

// ANCHOR: drop_guard
/// Whatever ends this future cancels the token, and whoever waits for the token learns of it.
async fn request(work: impl AsyncFnOnce(CancellationToken)) {
    let gone = CancellationToken::new();
    let _guard = gone.clone().drop_guard();
    work(gone).await;
}
// ANCHOR_END: drop_guard

#[tokio::test(start_paused = true)]
async fn a_drop_guard_tells_a_task_that_its_caller_has_gone() {
    let told = Arc::new(Mutex::new(false));
    let noted = Arc::clone(&told);
    let request = request(async |gone| {
        tokio::spawn(async move {
            gone.cancelled().await;
            *noted.lock().expect("nobody panics under it") = true;
        });
        fetch("report", 60_000).await;
    });
    assert!(timeout(ms(100), request).await.is_err());
    sleep(ms(1)).await;
    assert!(*told.lock().expect("nobody panics under it"));
}

// ANCHOR: notified
/// Waits until `ready` says so. `changed` is notified with `notify_waiters`, each time that it may have changed.
async fn until(changed: &Notify, ready: impl Fn() -> bool) {
    loop {
        // It counts as waiting from here on, though nothing polls it yet.
        let notified = changed.notified();
        if ready() {
            return;
        }
        notified.await;
    }
}
// ANCHOR_END: notified

#[tokio::test(start_paused = true)]
async fn a_notification_between_the_look_and_the_wait_is_not_missed() {
    let (changed, is_ready) = (Notify::new(), Cell::new(false));
    let look = || {
        let was_ready = is_ready.replace(true);
        // It changes just after the look.
        changed.notify_waiters();
        was_ready
    };
    let waited = timeout(ms(100), until(&changed, look)).await;
    assert!(waited.is_ok());

    is_ready.set(false);
    let naive = async {
        while !look() {
            changed.notified().await;
        }
    };
    assert!(timeout(ms(100), naive).await.is_err(), "it waits for ever");
}
