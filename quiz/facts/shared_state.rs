//! Chapter 09.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex, RwLock, mpsc, oneshot},
    task::JoinSet,
    time::{sleep, timeout},
};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn spare_sender() {
    let (sender, mut receiver) = mpsc::channel(8);
    let mut actor = tokio::spawn(async move {
        let mut handled = 0;
        while let Some(()) = receiver.recv().await {
            handled += 1;
        }
        handled
    });
    let mut workers = JoinSet::new();
    for _ in 0..3 {
        let sender = sender.clone();
        workers.spawn(async move { sender.send(()).await.expect("the actor runs") });
    }
    workers.join_all().await;
    assert!(timeout(HOUR, &mut actor).await.is_err());
    drop(sender);
    assert_eq!(actor.await.expect("it doesn't panic"), 3);
}

#[tokio::test(start_paused = true)]
async fn caller_gone() {
    let (sender, mut receiver) = mpsc::channel::<oneshot::Sender<u32>>(8);
    let (reply, answer) = oneshot::channel();
    sender.send(reply).await.expect("the receiver is there");
    drop(answer);
    let actor = tokio::spawn(async move {
        while let Some(reply) = receiver.recv().await {
            reply.send(7).expect("this is the question's `unwrap`");
        }
    });
    let error = actor.await.expect_err("it panicked");
    assert!(error.is_panic());
    let (reply, _answer) = oneshot::channel();
    assert!(
        sender.send(reply).await.is_err(),
        "every later caller finds it gone"
    );
}

#[tokio::test(start_paused = true)]
async fn read_twice() {
    let lock = Arc::new(RwLock::new(0));
    let first = lock.read().await;
    let writer = tokio::spawn({
        let lock = Arc::clone(&lock);
        async move { *lock.write().await += 1 }
    });
    sleep(Duration::from_millis(1)).await;
    assert!(timeout(HOUR, lock.read()).await.is_err());
    assert!(!writer.is_finished());
    drop(first);
    writer.await.expect("it doesn't panic");
    assert_eq!(*lock.read().await, 1);
}

#[tokio::test(start_paused = true)]
async fn guard_in_while_let() {
    let most = async |on_a_line_of_its_own| {
        let (sender, receiver) = mpsc::channel(20);
        let jobs = Arc::new(Mutex::new(receiver));
        for job in 0..20 {
            sender.send(job).await.expect("the receiver is there");
        }
        drop(sender);
        let running = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
        let mut workers = JoinSet::new();
        for _ in 0..4 {
            let (jobs, running) = (Arc::clone(&jobs), Arc::clone(&running));
            workers.spawn(async move {
                let run = async |_job: u32| {
                    let now = running.0.fetch_add(1, SeqCst) + 1;
                    running.1.fetch_max(now, SeqCst);
                    sleep(Duration::from_millis(100)).await;
                    running.0.fetch_sub(1, SeqCst);
                };
                if on_a_line_of_its_own {
                    loop {
                        let job = jobs.lock().await.recv().await;
                        let Some(job) = job else { break };
                        run(job).await;
                    }
                } else {
                    while let Some(job) = jobs.lock().await.recv().await {
                        run(job).await;
                    }
                }
            });
        }
        workers.join_all().await;
        running.1.load(SeqCst)
    };
    assert_eq!(most(false).await, 1);
    assert_eq!(most(true).await, 4);
}
