//! Chapter 08: computing inline, on the blocking pool, and on rayon's threads; and three ways to read 1,000
//! small files.

use std::{fs, io, path::PathBuf};

use criterion::Criterion;
use futures::future::join_all;
use tokio::{
    runtime::{Builder, Runtime},
    sync::oneshot,
    task::spawn_blocking,
};

pub(crate) fn bench(criterion: &mut Criterion) {
    computing(criterion);
    files(criterion);
}

/// Four computations, wanted at the same time.
fn computing(criterion: &mut Criterion) {
    const N: u64 = 22;
    const TIMES: usize = 4;
    let runtime = runtime();
    let mut group = criterion.benchmark_group("08_blocking/4 x fib(22)");
    group.bench_function("inline", |bencher| {
        let all = || join_all((0..TIMES).map(|_| inline(N)));
        bencher.to_async(&runtime).iter(all);
    });
    group.bench_function("spawn_blocking", |bencher| {
        let all = || join_all((0..TIMES).map(|_| spawn_blocking(|| fib(N))));
        bencher.to_async(&runtime).iter(all);
    });
    group.bench_function("rayon", |bencher| {
        let all = || join_all((0..TIMES).map(|_| on_rayon(N)));
        bencher.to_async(&runtime).iter(all);
    });
    group.finish();
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
fn files(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("the system has a temporary folder");
    let paths: Vec<PathBuf> = (0..1000)
        .map(|number| folder.path().join(format!("{number}.txt")))
        .collect();
    for path in &paths {
        fs::write(path, [b'x'; 4096]).expect("the folder is new");
    }
    let runtime = runtime();
    let mut group = criterion.benchmark_group("08_blocking/1,000 files of 4 KiB");
    group.bench_function("std, on the loop", |bencher| {
        bencher.to_async(&runtime).iter(|| with_std(&paths));
    });
    group.bench_function("tokio::fs", |bencher| {
        bencher.to_async(&runtime).iter(|| with_tokio(&paths));
    });
    group.bench_function("one spawn_blocking", |bencher| {
        bencher.to_async(&runtime).iter(|| in_one_job(&paths));
    });
    group.finish();
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
    job.await.expect("nothing panics").expect("the files are there")
}

fn read_all(paths: &[PathBuf]) -> io::Result<usize> {
    paths.iter().map(|path| Ok(fs::read(path)?.len())).sum()
}

/// One thread, and beside it the blocking pool.
fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime needs nothing but file descriptors")
}
