//! Chapter 18.

use std::{cell::Cell, time::Duration};

use futures::future::join_all;
use tokio::{
    join,
    runtime::Builder,
    sync::Semaphore,
    time::{Instant, sleep, sleep_until},
};

use crate::time;

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// So many queries of 10 ms over so many connections.
async fn queries(count: usize, connections: usize) -> Duration {
    let pool = &Semaphore::new(connections);
    let queries = (0..count).map(|_| async move {
        let _connection = pool.acquire().await;
        sleep(ms(10)).await;
    });
    time(join_all(queries)).await
}

#[tokio::test(start_paused = true)]
async fn hundred_and_one() {
    assert_eq!(queries(101, 20).await, ms(60));
    assert_eq!(queries(100, 20).await, ms(50));
}

#[test]
fn more_threads() {
    // The clock of a runtime with several threads can't be paused, so this asks for the least that it takes. The narrower
    // pool makes that more than any overhead: 25 waves of 10 ms.
    for threads in [1, 16] {
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads)
            .enable_time()
            .build();
        let runtime = runtime.expect("it can be built");
        let took = runtime.block_on(async { queries(50, 2).await });
        assert!(took >= ms(250), "{threads} threads: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn two_steps() {
    let (connection, core) = (&Semaphore::new(1), &Semaphore::new(1));
    let requests = (0..4).map(|_| async move {
        let place = connection.acquire().await;
        sleep(ms(100)).await;
        drop(place);
        let _place = core.acquire().await;
        sleep(ms(50)).await;
    });
    assert_eq!(time(join_all(requests)).await, ms(450));
}

#[tokio::test(start_paused = true)]
async fn littles_law() {
    let (start, under_way) = (Instant::now(), &Cell::new(0));
    // 200 a second, for two seconds.
    let requests = (0..400).map(|request| async move {
        sleep_until(start + request * ms(5)).await;
        under_way.set(under_way.get() + 1);
        sleep(ms(50)).await;
        under_way.set(under_way.get() - 1);
    });
    // Somebody passes by now and then, once the first ones have been answered.
    let passes = (0..150).map(|pass| async move {
        sleep_until(start + ms(102) + pass * ms(10)).await;
        under_way.get()
    });
    let (_, seen) = join!(join_all(requests), join_all(passes));
    assert_eq!(seen.iter().sum::<i32>(), 10 * 150);
}

#[test]
fn halved() {
    // For arrivals at random and equal times of service: half of load / (1 - load) services in line, and one's own.
    let mean = |takes: f64| {
        let load = 0.95 / 5.0 * takes;
        takes + takes * load / (1.0 - load) / 2.0
    };
    assert!((mean(5.0) - 53.0).abs() < 1.0, "{}", mean(5.0));
    assert!((mean(10.0 / 3.0) - 6.0).abs() < 0.5, "{}", mean(10.0 / 3.0));
}

#[test]
fn one_of_a_hundred() {
    assert_eq!((100.0 * 0.99_f64.powi(100)).round(), 37.0);
}

#[test]
fn what_loops_measure() {
    // A minute among thousands of calls.
    let mut latencies = vec![ms(2); 5_000];
    latencies[2_500] = ms(60_000);
    latencies.sort_unstable();
    let slow = latencies.iter().filter(|latency| **latency > ms(2)).count();
    assert_eq!((slow, latencies[4_950 - 1]), (1, ms(2)));
}

#[test]
fn mean_of_p99() {
    // The same ten figures, and two different services.
    let instance = |slow: usize, requests: usize| {
        let mut latencies = vec![10; requests - slow];
        latencies.extend(vec![1000; slow]);
        latencies
    };
    let p99 = |latencies: &[u64]| {
        let mut latencies = latencies.to_vec();
        latencies.sort_unstable();
        latencies[(latencies.len() * 99).div_ceil(100) - 1]
    };
    let service = |first: Vec<u64>| {
        let rest = (0..9).map(|_| instance(0, 1000));
        let instances: Vec<_> = std::iter::once(first).chain(rest).collect();
        let reported: Vec<_> = instances.iter().map(|latencies| p99(latencies)).collect();
        (reported, p99(&instances.concat()))
    };
    let (few, of_few) = service(instance(20, 100));
    let (many, of_many) = service(instance(900, 1000));
    assert_eq!(few, many);
    assert_eq!((of_few, of_many), (10, 1000));
}
