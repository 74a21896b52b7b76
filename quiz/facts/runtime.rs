//! Chapter 02.

use std::{
    cell::Cell,
    future::poll_fn,
    panic,
    pin::pin,
    rc::Rc,
    sync::{
        Arc, Barrier,
        atomic::{AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    task::{Context, Poll, Wake, Waker},
    thread,
};

use tokio::{
    runtime::{Builder, Runtime},
    sync::oneshot,
    task::yield_now,
};

#[test]
fn barrier_in_a_test() {
    // The third at the barrier would be the second task. The test itself lets the first one go.
    let barrier = Arc::new(Barrier::new(2));
    let begun = Arc::new(AtomicUsize::new(0));
    let meet = {
        let (barrier, begun) = (Arc::clone(&barrier), Arc::clone(&begun));
        move || {
            begun.fetch_add(1, SeqCst);
            barrier.wait();
        }
    };
    let one_thread = thread::spawn(|| {
        let runtime = Builder::new_current_thread().build();
        runtime.expect("it can be built").block_on(async {
            let meet = [meet.clone(), meet].map(|meet| tokio::spawn(async move { meet() }));
            for task in meet {
                task.await.expect("it doesn't panic");
            }
        });
    });
    for tasks in 1..=2 {
        while begun.load(SeqCst) < tasks {
            thread::yield_now();
        }
        assert_eq!(begun.load(SeqCst), tasks, "the other task has no thread");
        barrier.wait();
    }
    one_thread.join().expect("both tasks have ended");

    let several = Builder::new_multi_thread().worker_threads(2).build();
    several.expect("it can be built").block_on(async {
        let barrier = Arc::new(Barrier::new(2));
        let tasks = [Arc::clone(&barrier), barrier]
            .map(|barrier| tokio::spawn(async move { barrier.wait().is_leader() }));
        for task in tasks {
            task.await.expect("it doesn't panic");
        }
    });
}

/// Whether a value may move to another thread.
struct Sends<T>(T);

impl<T: Send> Sends<T> {
    fn sends(&self) -> bool {
        let _ = &self.0;
        true
    }
}

/// What the compiler falls back on if the value isn't `Send`.
trait DoesNotSend {
    fn sends(&self) -> bool {
        false
    }
}

impl<T> DoesNotSend for Sends<T> {}

#[test]
fn rc_at_an_await() {
    async fn pause() {}
    async fn block() {
        {
            let n = Rc::new(1);
            assert_eq!(*n, 1);
        }
        pause().await;
    }
    async fn dropped_unused() {
        let n = Rc::new(1);
        drop(n);
        pause().await;
    }
    async fn dropped_after_use() {
        let n = Rc::new(1);
        assert_eq!(*n, 1);
        drop(n);
        pause().await;
    }
    async fn used_before() {
        let n = Rc::new(1);
        assert_eq!(*n, 1);
        pause().await;
    }
    async fn used_after() {
        let n = Rc::new(1);
        pause().await;
        assert_eq!(*n, 1);
    }
    #[expect(clippy::arc_with_non_send_sync, reason = "this is a wrong choice")]
    async fn arc_of_cell() {
        let n = Arc::new(Cell::new(1));
        pause().await;
        assert_eq!(n.get(), 1);
    }
    assert!(Sends(block()).sends());
    assert!(Sends(dropped_unused()).sends());
    // The compiler doesn't see that a borrow has ended, and keeps room for the variable.
    assert!(!Sends(dropped_after_use()).sends());
    assert!(!Sends(used_before()).sends());
    assert!(!Sends(used_after()).sends());
    assert!(!Sends(arc_of_cell()).sends());
}

#[test]
fn who_polls_block_on() {
    let runtime = Builder::new_multi_thread().worker_threads(2).build();
    let (polled, spawned) = runtime.expect("it can be built").block_on(async {
        let spawned = tokio::spawn(async { thread::current().id() }).await;
        let mut polled = Vec::new();
        for _ in 0..100 {
            polled.push(thread::current().id());
            yield_now().await;
        }
        (polled, spawned.expect("it doesn't panic"))
    });
    let here = thread::current().id();
    assert!(polled.iter().all(|thread| *thread == here));
    assert_ne!(spawned, here);
}

#[test]
fn spawn_off_the_runtime() {
    let runtime = Runtime::new().expect("it can be built");
    let handle = runtime.handle().clone();
    let plain = thread::spawn(move || {
        let outside = panic::catch_unwind(|| tokio::spawn(async {}));
        let by_handle = handle.spawn(async { 7 });
        (outside.map(drop), by_handle)
    });
    let (outside, by_handle) = plain.join().expect("its panic is caught");
    let panic = outside.expect_err("there is no runtime on that thread");
    let message = panic.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
    assert!(message.is_some_and(|message| message.contains("there is no reactor running")));
    assert_eq!(runtime.block_on(by_handle).ok(), Some(7));
}

struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[test]
fn what_a_wake_up_says() {
    let wakes = Arc::new(Count(AtomicUsize::new(0)));
    let waker = Waker::from(Arc::clone(&wakes));
    let mut context = Context::from_waker(&waker);
    let (first, one) = oneshot::channel();
    let (second, other) = oneshot::channel();
    let mut both = pin!(async { tokio::join!(one, other) });

    assert!(both.as_mut().poll(&mut context).is_pending());
    first.send(1).expect("it is awaited");
    assert_eq!(wakes.0.load(SeqCst), 1);
    assert!(
        both.as_mut().poll(&mut context).is_pending(),
        "though woken"
    );
    second.send(2).expect("it is awaited");
    assert_eq!(wakes.0.load(SeqCst), 2);
    let Poll::Ready(outputs) = both.as_mut().poll(&mut context) else {
        panic!("both have come");
    };
    assert_eq!(outputs, (Ok(1), Ok(2)));
}

#[test]
fn pending_without_a_waker() {
    let (polled, polls) = mpsc::channel();
    // It hangs for good, and ends with the process.
    thread::spawn(move || {
        let mut polls = 0;
        let keeps_no_waker = poll_fn(|_| {
            polls += 1;
            polled.send(polls).expect("the test waits");
            if polls < 2 {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        });
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime.expect("it can be built").block_on(keeps_no_waker);
    });
    assert_eq!(polls.recv(), Ok(1));
    let second = polls.recv_timeout(std::time::Duration::from_millis(100));
    assert_eq!(second, Err(mpsc::RecvTimeoutError::Timeout));
}
