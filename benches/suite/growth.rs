//! How the cost of waiting grows with the number of waits: time over ideal, and peak memory.
//!
//! Each measure is a process of its own, since the most memory that a process ever had is one number.

use std::{
    env,
    error::Error,
    io,
    process::{Command, ExitCode},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use futures::{StreamExt as _, future::join_all, stream::FuturesUnordered};
use speedups::{Growth, GrowthOutcome, Record};
use suite::{asyncio, runtime};
use tokio::{
    task::{JoinSet, unconstrained},
    time::sleep,
};

/// How many waits there are at once.
const COUNTS: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];
/// How long each of them is.
const WAIT: Duration = Duration::from_millis(100);

/// The argument by which this program measures one of them.
const ARGUMENT: &str = "--measure-growth";

/// Makes so many waits, or says that the system has no room for more than so many.
type Run = fn(usize) -> Result<(), Full>;

/// The system has no room for more.
struct Full {
    count: usize,
    why: io::Error,
}

const HOWS: [(&str, Run); 5] = [
    ("join_all", joined),
    ("unconstrained", joined_unconstrained),
    ("unordered", unordered),
    ("JoinSet", on_tasks),
    ("threads", on_threads),
];

fn main() -> ExitCode {
    suite::exit_of(run())
}

fn run() -> Result<(), Box<dyn Error>> {
    // This program starts itself for each measure of memory, which a process has only one of.
    if is_asked_for()? {
        return Ok(());
    }
    if !suite::measures() {
        try_each()?;
        return asyncio::try_once();
    }
    let folder = suite::folder()?;
    let mut record = Record::read(&folder)?;
    let mut growth = measure()?;
    growth.extend(asyncio::growth(&COUNTS, WAIT)?);
    record.merge(Record {
        growth,
        ..Record::default()
    });
    record.write(&folder)?;
    // It comes last, and so shows what the chapters' benches measured before it as well.
    print!(
        "{}{}",
        speedups::text(&record),
        speedups::growth_text(&record)
    );
    Ok(())
}

/// Whether this process was started to measure one of them; if so, it has.
fn is_asked_for() -> Result<bool, Box<dyn Error>> {
    let arguments: Vec<String> = env::args().collect();
    let [_, argument, how, count] = &arguments[..] else {
        return Ok(false);
    };
    if argument != ARGUMENT {
        return Ok(false);
    }
    let (_, run) = HOWS
        .iter()
        .find(|(name, _)| name == how)
        .ok_or("it has another name")?;
    let start = Instant::now();
    let outcome = match run(count.parse()?) {
        Ok(()) => GrowthOutcome::Took {
            time: start.elapsed(),
            peak_kib: peak_kib(),
        },
        Err(Full { count, why }) => GrowthOutcome::EndedAt {
            count,
            why: why.to_string(),
        },
    };
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(true)
}

/// Measures all of them.
fn measure() -> Result<Vec<Growth>, Box<dyn Error>> {
    let mut growth = Vec::new();
    for (how, _) in HOWS {
        for count in COUNTS {
            let outcome = match threads_at_most() {
                // What comes to the end of a system's threads keeps every other program from starting anything.
                // So that is not tried: the system says where the end is.
                Some(ended @ GrowthOutcome::EndedAt { count: most, .. })
                    if how == "threads" && most < count =>
                {
                    ended
                }
                // Where it does not say, a number is tried that every system of today has room for.
                None if how == "threads" && count > 10_000 => continue,
                _ => measure_one(how, count)?,
            };
            growth.push(Growth {
                how: how.to_owned(),
                waits: count,
                wait: WAIT,
                outcome,
            });
        }
    }
    Ok(growth)
}

/// Runs each of them once, with few waits.
fn try_each() -> Result<(), Box<dyn Error>> {
    for (how, _) in HOWS {
        measure_one(how, 10)?;
        println!("Testing many waits/{how}\nSuccess\n");
    }
    Ok(())
}

fn measure_one(how: &str, count: usize) -> Result<GrowthOutcome, Box<dyn Error>> {
    let output = Command::new(env::current_exe()?)
        .args([ARGUMENT, how, &count.to_string()])
        .output()?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{count} waits with {how}: {}\n{why}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn joined(count: usize) -> Result<(), Full> {
    // `sleep` asks for the runtime's timer when it is called, hence the block.
    runtime().block_on(async { join_all((0..count).map(|_| sleep(WAIT))).await });
    Ok(())
}

/// As [`joined`], without tokio's cooperative budget: after 128 timers that are ready, every further one says
/// that it is not, until the task has been polled anew.
fn joined_unconstrained(count: usize) -> Result<(), Full> {
    runtime().block_on(async { unconstrained(join_all((0..count).map(|_| sleep(WAIT)))).await });
    Ok(())
}

fn unordered(count: usize) -> Result<(), Full> {
    runtime().block_on(async {
        let mut waits: FuturesUnordered<_> = (0..count).map(|_| sleep(WAIT)).collect();
        while waits.next().await.is_some() {}
    });
    Ok(())
}

fn on_tasks(count: usize) -> Result<(), Full> {
    runtime().block_on(async {
        let mut tasks: JoinSet<()> = (0..count).map(|_| sleep(WAIT)).collect();
        while tasks.join_next().await.is_some() {}
    });
    Ok(())
}

fn on_threads(count: usize) -> Result<(), Full> {
    let mut threads = Vec::with_capacity(count);
    for number in 0..count {
        let (keep, waits) = mpsc::channel::<()>();
        let thread = thread::Builder::new()
            .spawn(move || {
                // Nobody sends: the thread waits as long as a sleep would.
                let _timed_out = waits.recv_timeout(WAIT);
            })
            .map_err(|why| Full { count: number, why })?;
        threads.push((thread, keep));
    }
    for (thread, _keep) in threads {
        thread.join().expect("waiting does not panic");
    }
    Ok(())
}

/// The most threads that this system lets a process have, and which limit says so. Only Linux has a file that tells.
fn threads_at_most() -> Option<GrowthOutcome> {
    // A thread's stack and its guard page are two mappings.
    let limits = [
        ("kernel/pid_max", 1),
        ("kernel/threads-max", 1),
        ("vm/max_map_count", 2),
    ];
    let most = |(limit, each): (&'static str, usize)| {
        let text = std::fs::read_to_string(format!("/proc/sys/{limit}")).ok()?;
        Some((text.trim().parse::<usize>().ok()? / each, limit))
    };
    let (count, limit) = limits.into_iter().filter_map(most).min()?;
    Some(GrowthOutcome::EndedAt {
        count,
        why: format!("/proc/sys/{limit}"),
    })
}

/// The most memory that this process ever had, in KiB. Only Linux has a file that tells.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
