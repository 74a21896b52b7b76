//! Chapter 16.

use std::{
    cell::Cell,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};

use async_workbook::{
    probes::schedules::{every, interleave},
    services::upstream::Upstream,
};
use futures::future::join_all;
use tokio::time::{Instant, sleep, timeout};

/// A cache that makes a call for each caller who comes before the page is there.
struct OneEach {
    upstream: Upstream,
    page: Mutex<Option<String>>,
}

impl OneEach {
    async fn get(&self) -> String {
        let kept = self.page.lock().expect("nothing panics").clone();
        if let Some(page) = kept {
            return page;
        }
        let page = self.upstream.fetch("page").await.body;
        *self.page.lock().expect("nothing panics") = Some(page.clone());
        page
    }
}

#[tokio::test(start_paused = true)]
async fn no_latency() {
    for (latency, calls) in [(Duration::ZERO, 1), (Duration::from_millis(1), 5)] {
        let upstream = Upstream::builder().page("page", latency).build();
        let cache = OneEach {
            upstream: upstream.clone(),
            page: Mutex::default(),
        };
        join_all((0..5).map(|_| cache.get())).await;
        assert_eq!(upstream.hits(), calls);
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_timeout_proves() {
    let hour = Duration::from_secs(3600);
    let upstream = Upstream::builder().page("slow", hour).build();
    let start = Instant::now();
    let call = upstream.clone();
    let task = tokio::spawn(async move { call.fetch("slow").await });
    let limit = Duration::from_secs(5);
    assert!(timeout(limit, task).await.is_err());
    assert_eq!(start.elapsed(), limit, "the client sees nothing wrong");
    sleep(Duration::from_millis(1)).await;
    assert_eq!(upstream.in_flight(), 1, "and the call goes on");
}

/// Polled in every order, no two futures meet between the load and the store. The lesson shows that threads do.
#[tokio::test]
async fn which_tool() {
    async fn add(count: &AtomicU32, lost: &Cell<u32>) {
        tokio::task::yield_now().await;
        let before = count.load(SeqCst);
        if count.swap(before + 1, SeqCst) != before {
            lost.set(lost.get() + 1);
        }
    }
    let lost = Cell::new(0);
    let orders = every(async |choices| {
        let count = Arc::new(AtomicU32::new(0));
        interleave(choices, vec![add(&count, &lost), add(&count, &lost)]).await;
        assert_eq!(count.load(SeqCst), 2);
    })
    .await;
    assert_eq!((orders, lost.get()), (6, 0));
}
