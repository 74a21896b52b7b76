//! Chapter 08: computing inline, on the blocking pool, and on rayon's threads; and three ways to read 1,000
//! small files.

use std::{
    fs, io,
    path::PathBuf,
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

use futures::future::join_all;
use suite::{Suite, runtime};
use tokio::{sync::oneshot, task::spawn_blocking};

fn main() -> ExitCode {
    suite::main(bench)
}

fn bench(suite: &mut Suite) {
    computing(suite);
    files(suite);
}

/// Four computations, wanted at the same time. Ideal is that they take as long as one, times four, over the cores.
fn computing(suite: &mut Suite) {
    const N: u64 = 32;
    const TIMES: u32 = 4;
    let runtime = runtime();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let turns = TIMES.div_ceil(u32::try_from(cores).unwrap_or(TIMES));
    let alone = alone(N);
    suite
        .scenario("08_blocking", "4 x fib(32)", 1, None)
        .way("inline", Some(TIMES * alone), |bencher| {
            let all = || join_all((0..TIMES).map(|_| inline(N)));
            bencher.to_async(&runtime).iter(all);
        })
        .way("spawn_blocking", Some(turns * alone), |bencher| {
            let all = || join_all((0..TIMES).map(|_| spawn_blocking(|| fib(N))));
            bencher.to_async(&runtime).iter(all);
        })
        .way("rayon", Some(turns * alone), |bencher| {
            let all = || join_all((0..TIMES).map(|_| on_rayon(N)));
            bencher.to_async(&runtime).iter(all);
        });
}

/// How long one computation takes, when nothing else is under way: the best of many.
fn alone(n: u64) -> Duration {
    let took = (0..50).map(|_| {
        let start = Instant::now();
        fib(n);
        start.elapsed()
    });
    took.min().unwrap_or_default()
}

async fn inline(n: u64) -> u64 {
    fib(n)
}

/// Rayon has a thread for each core, where the blocking pool has up to 512.
async fn on_rayon(n: u64) -> u64 {
    let (sender, receiver) = oneshot::channel();
    rayon::spawn(move || {
        // Whoever asked may have gone.
        let _gone = sender.send(fib(n));
    });
    receiver.await.expect("nothing panics")
}

fn fib(n: u64) -> u64 {
    match n {
        0 | 1 => std::hint::black_box(n),
        _ => fib(n - 1) + fib(n - 2),
    }
}

/// As many files, and as long, as where the figures of the page come from.
fn files(suite: &mut Suite) {
    let folder = tempfile::tempdir().expect("the system has a temporary folder");
    let paths: Vec<PathBuf> = (0..1000)
        .map(|number| folder.path().join(format!("{number}.txt")))
        .collect();
    for path in &paths {
        fs::write(path, [b'x'; 4096]).expect("the folder is new");
    }
    let runtime = runtime();
    suite
        .scenario("08_blocking", "1,000 files of 4 KiB", 1, None)
        .way("tokio::fs", None, |bencher| {
            bencher.to_async(&runtime).iter(|| with_tokio(&paths));
        })
        .way("one spawn_blocking", None, |bencher| {
            bencher.to_async(&runtime).iter(|| in_one_job(&paths));
        })
        .way("std, blocking the loop", None, |bencher| {
            bencher.to_async(&runtime).iter(|| with_std(&paths));
        });
}

async fn with_std(paths: &[PathBuf]) -> usize {
    read_all(paths).expect("the files are there")
}

async fn with_tokio(paths: &[PathBuf]) -> usize {
    let mut bytes = 0;
    for path in paths {
        bytes += tokio::fs::read(path).await.expect("it is there").len();
    }
    bytes
}

async fn in_one_job(paths: &[PathBuf]) -> usize {
    let paths = paths.to_vec();
    let job = spawn_blocking(move || read_all(&paths));
    job.await
        .expect("nothing panics")
        .expect("the files are there")
}

fn read_all(paths: &[PathBuf]) -> io::Result<usize> {
    paths.iter().map(|path| Ok(fs::read(path)?.len())).sum()
}
