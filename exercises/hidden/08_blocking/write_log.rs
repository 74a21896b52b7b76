//! The hidden tests of `write_log`.
//!
//! Each test hands the answer a channel and a log, and then decides what happens when: which lines come, and when the disk
//! has written them. The clock is paused. It stands while a job runs, and so what takes time is seen without measuring any.

mod call;
mod cancelled;
mod errors;
mod idle;

use async_workbook::{
    harness::{Task, counted, task},
    probes::rest::parked,
    services::log_file::Disk,
    timeline::Recorder,
    verdict::{Fault, ensure, examine, show},
};
use tokio::{sync::mpsc, task::yield_now};
use tokio_util::task::AbortOnDropHandle;

use self::{
    call::{Call, Step, drawing, line, send},
    cancelled::dropped_it_starts_no_other_job,
    errors::{a_panic_is_not_lost, an_error_ends_it},
    idle::an_idle_log_keeps_no_thread,
};
use crate::Answer;

pub(crate) const TASK: Task<Answer> = task!(
    write_log: the_pool_appends_while_the_loop_is_free,
    an_idle_log_keeps_no_thread,
    lines_wait_in_the_channel_while_a_job_runs,
    a_burst_is_one_job,
    an_error_ends_it,
    a_panic_is_not_lost,
    dropped_it_starts_no_other_job,
    every_line_is_written_in_order_and_counted,
);

/// One line, with no sender left: what's simplest.
fn the_pool_appends_while_the_loop_is_free(answer: &Answer) {
    examine(async |_: &Recorder| {
        let disk = Disk::new().slow();
        let log_file = disk.log_file();
        let (sender, receiver) = mpsc::channel(8);
        send(&sender, ["started"]);
        drop(sender);
        let mut call = Call::new(answer, &disk, &log_file, receiver);
        call.run_to_the_end().await?;
        call.wrote(&["started".to_owned()])
    });
}

fn lines_wait_in_the_channel_while_a_job_runs(answer: &Answer) {
    examine(async |_: &Recorder| {
        let disk = Disk::new().slow();
        let log_file = disk.log_file();
        let (sender, receiver) = mpsc::channel(8);
        send(&sender, [line(1)]);
        let mut call = Call::new(answer, &disk, &log_file, receiver);
        call.next().await?;
        call.still_running(1).await?;
        rests_until_the_job_has_ended(&mut call).await?;
        send(&sender, (2..=9).map(line));
        stays_in_the_channel(&mut call, &sender).await?;
        drop(sender);
        call.run_to_the_end().await?;
        call.wrote(&(1..=9).map(line).collect::<Vec<_>>())
    });
}

async fn rests_until_the_job_has_ended(call: &mut Call<'_>) -> Result<(), Fault> {
    let rested = call.beside(parked()).await;
    ensure(rested, || {
        Fault::new("busy_wait")
            .happened("while a job ran, the function asked over and over whether it had ended: that keeps a core busy for nothing")
            .expected("it rests until the job has ended and wakes it")
            .next("await the handle of `spawn_blocking` instead of a loop around `is_finished` or `yield_now`")
    })
}

/// While a job runs, the answer takes nothing out of the channel, so that holds only as many lines as it has places.
async fn stays_in_the_channel(
    call: &mut Call<'_>,
    sender: &mpsc::Sender<String>,
) -> Result<(), Fault> {
    call.turns().await;
    let (places, taken) = (sender.max_capacity(), sender.capacity());
    // What was taken may be on its way to a job of its own.
    if taken > 0 && call.has_begun_meanwhile(2).await {
        return Err(call::at_the_same_time(&call.disk));
    }
    ensure(taken == 0, || {
        Fault::new("backpressure_lost")
            .happened(format!(
                "the channel has {}, and while a job ran, the function took {} out of it: as many more can come, and the bound of the channel no longer holds",
                counted(places, "place"),
                counted(taken, "line")
            ))
            .expected("while a job runs, lines stay in the channel, and when that's full, senders wait")
            .next("await the job's handle before you receive again, and not both at once or in two tasks")
            .drawn(drawing(&call.disk))
    })
}

/// More than an answer may take at once of its own accord, and than tokio lets a task take in a row.
const MANY: usize = 3_000;

fn a_burst_is_one_job(answer: &Answer) {
    examine(async |_: &Recorder| {
        let disk = Disk::new().slow();
        let log_file = disk.log_file();
        let (sender, receiver) = mpsc::channel(MANY);
        let first: Vec<String> = (0..MANY).map(line).collect();
        send(&sender, first.clone());
        let mut call = Call::new(answer, &disk, &log_file, receiver);
        all_in_one_job(&mut call, &first, 1).await?;
        call.still_running(1).await?;

        let second: Vec<String> = (MANY..2 * MANY).map(line).collect();
        send(&sender, second.clone());
        call.turns().await;
        disk.end(1);
        all_in_one_job(&mut call, &second, 2).await?;
        call.still_running(2).await?;
        disk.end(2);
        drop(sender);
        call.run_to_the_end().await?;
        show(|| drawing(&disk));
        call.wrote(&[first, second].concat())
    });
}

/// The next append gets all of these lines, which are waiting.
async fn all_in_one_job(
    call: &mut Call<'_>,
    waiting: &[String],
    number: usize,
) -> Result<(), Fault> {
    match call.next().await? {
        Step::Began => {}
        Step::Returned => return call.wrote(waiting),
        Step::Nothing => return Err(idle::held_back()),
    }
    let append = &call.disk.appends()[number - 1];
    let (taken, given) = (append.lines.len(), counted(waiting.len(), "line"));
    if waiting.starts_with(&append.lines) && taken < waiting.len() {
        let fault = if goes_on_in_the_same_job(call, number).await {
            Fault::new("extra_call_made")
                .happened(format!("{given} were waiting, and a job called `append` for {taken} of them, and then again for others"))
                .next("call `append` once in each job: it takes a slice, and writes as many lines as there are")
        } else if taken < 2 {
            Fault::new("blocking_job_per_line")
                .happened(format!("{given} were waiting, and the blocking pool got a job for {}: a trip to the pool and back for each line", counted(taken, "line")))
                .next("before you call `spawn_blocking`, take whatever else is waiting in the channel: `recv_many` does that, and so does `try_recv` until it's empty")
        } else {
            let budget = (100..=128).contains(&taken);
            Fault::new("work_split_across_jobs")
                .happened(format!("{given} were waiting, and the blocking pool got a job for {taken} of them"))
                .next(if budget {
                    "take as many lines as the channel holds, with `recv_many` and `lines.max_capacity()`. (If your code sets no limit, tokio did: a task that polls a receiver over and over has to give way after 128 operations)"
                } else {
                    "take as many lines as the channel holds: `lines.max_capacity()` is the limit that never splits a burst"
                })
        };
        let fault = fault.expected("all lines that are waiting go into one job");
        return Err(fault.drawn(drawing(&call.disk)));
    }
    call.lines_are(&append.lines, waiting)
}

/// Whether the job with this append makes another one.
async fn goes_on_in_the_same_job(call: &mut Call<'_>, number: usize) -> bool {
    call.disk.end(number);
    let next = call.sooner_or_later().await;
    let appends = call.disk.appends();
    matches!(next, Ok(Step::Began)) && appends[number].task == appends[number - 1].task
}

/// Lines come while the disk writes, from two senders that have to wait for places, and end while it writes.
fn every_line_is_written_in_order_and_counted(answer: &Answer) {
    examine(async |_: &Recorder| {
        nothing_to_write(answer).await?;
        last_lines_wait_for_a_job(answer).await?;
        two_senders(answer).await
    });
}

async fn nothing_to_write(answer: &Answer) -> Result<(), Fault> {
    let disk = Disk::new().slow();
    let log_file = disk.log_file();
    let (sender, receiver) = mpsc::channel(1);
    drop(sender);
    let mut call = Call::new(answer, &disk, &log_file, receiver);
    call.run_to_the_end().await?;
    call.wrote(&[])
}

/// The senders go while a job runs, and leave lines in the channel.
async fn last_lines_wait_for_a_job(answer: &Answer) -> Result<(), Fault> {
    let disk = Disk::new().slow();
    let log_file = disk.log_file();
    let (sender, receiver) = mpsc::channel(4);
    let lines = ["started", "", "  naïve café\t", "the end  "].map(str::to_owned);
    let mut call = Call::new(answer, &disk, &log_file, receiver);
    send(&sender, lines[..1].to_vec());
    if let Step::Began = call.next().await? {
        send(&sender, lines[1..].to_vec());
        drop(sender);
        call.still_running(1).await?;
    }
    call.run_to_the_end().await?;
    call.wrote(&lines)
}

/// Each of them sends more than the channel has places.
async fn two_senders(answer: &Answer) -> Result<(), Fault> {
    const EACH: usize = 150;
    let disk = Disk::new().slow();
    let log_file = disk.log_file();
    let (sender, receiver) = mpsc::channel(3);
    let sent = |name: &'static str| (0..EACH).map(move |number| format!("{name} {number}"));
    let sending = ["left", "right"].map(|name| {
        let (sender, lines) = (sender.clone(), sent(name));
        AbortOnDropHandle::new(tokio::spawn(async move {
            for line in lines {
                // The answer may have returned, which other tests look at.
                if sender.send(line).await.is_err() {
                    break;
                }
                yield_now().await;
            }
        }))
    });
    drop(sender);
    let mut call = Call::new(answer, &disk, &log_file, receiver);
    call.run_to_the_end().await?;
    drop(sending);
    let written = disk.lines();
    for name in ["left", "right"] {
        let of_it = written.iter().filter(|line| line.starts_with(name));
        let of_it: Vec<String> = of_it.cloned().collect();
        call.lines_are(&of_it, &sent(name).collect::<Vec<_>>())?;
    }
    call.wrote(&written)
}
