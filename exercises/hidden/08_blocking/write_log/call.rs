//! A call of the answer, whose lines and disk the test has in its hands.

use std::{
    future::poll_fn,
    io,
    pin::{Pin, pin},
    task::{Context, Poll},
    thread,
    time::Duration,
};

use async_workbook::{
    harness::counted,
    probes::{
        rest::{MINUTE, Rest, rest},
        woken::WhenWoken,
    },
    services::log_file::{Append, Disk, LogFile, Place},
    verdict::{Fault, catch_panic, ensure},
};
use tokio::{
    sync::mpsc,
    task::yield_now,
    time::{Instant, timeout},
};

use crate::{Answer, heart::fault_of};

/// What the answer came to: a panic is its message.
pub(super) type Outcome = Result<io::Result<usize>, String>;

/// A call of the answer. It's polled when it's woken, and only while the test awaits one of the methods here.
pub(super) struct Call<'a> {
    pub(super) disk: Disk,
    running: Option<WhenWoken<'a, Outcome>>,
    /// What it returned, once it has.
    pub(super) outcome: Option<Outcome>,
    /// How many appends the test knows of.
    known: usize,
}

/// What came next.
pub(super) enum Step {
    /// An append began, on a thread of the blocking pool, and at once.
    Began,
    /// The call returned.
    Returned,
    /// For a minute, neither did.
    Nothing,
}

/// How many turns the other tasks get before the test goes on.
const TURNS: usize = 50;

/// The text of a line in a long log.
pub(super) fn line(number: usize) -> String {
    format!("line {number}")
}

/// Puts lines into a channel that has places for them, if anybody still receives.
pub(super) fn send<L: Into<String>>(
    sender: &mpsc::Sender<String>,
    lines: impl IntoIterator<Item = L>,
) {
    for line in lines {
        // A call that has returned receives no more, and the test looks at its outcome.
        drop(sender.try_send(line.into()));
    }
}

impl<'a> Call<'a> {
    pub(super) fn new(
        answer: &'a Answer,
        disk: &Disk,
        log_file: &'a LogFile,
        lines: mpsc::Receiver<String>,
    ) -> Self {
        // The function itself may panic before it returns a future.
        let call = async move { (answer.write_log)(log_file, lines).await };
        Self {
            disk: disk.clone(),
            running: Some(WhenWoken::new(catch_panic(call))),
            outcome: None,
            known: 0,
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) {
        if let Some(running) = &mut self.running
            && let Poll::Ready(outcome) = Pin::new(running).poll(context)
        {
            self.running = None;
            self.outcome = Some(outcome);
        }
    }

    /// Lets the call run for as long as `other` takes.
    pub(super) async fn beside<T>(&mut self, other: impl Future<Output = T>) -> T {
        let mut other = pin!(other);
        poll_fn(|context| {
            self.poll(context);
            other.as_mut().poll(context)
        })
        .await
    }

    pub(super) async fn turns(&mut self) {
        self.beside(async {
            for _ in 0..TURNS {
                yield_now().await;
            }
        })
        .await;
    }

    /// What comes next, and without delay: an append that began later than it could is a fault.
    pub(super) async fn next(&mut self) -> Result<Step, Fault> {
        let start = Instant::now();
        let step = self.sooner_or_later().await?;
        let at_once = start.elapsed().is_zero() || !matches!(step, Step::Began);
        ensure(at_once, || {
            let lines = self.disk.appends()[self.known - 1].lines.len();
            Fault::new("needless_wait")
                .happened(format!("{} waiting, nothing was being written, and the function waited before it started a job", were(lines)))
                .expected("a job starts as soon as a line is waiting and no other job runs")
                .next("remove the timer: while a job runs, further lines gather in the channel by themselves")
        })?;
        Ok(step)
    }

    /// What comes next within a minute. An append that ran anywhere but in the pool is a fault.
    pub(super) async fn sooner_or_later(&mut self) -> Result<Step, Fault> {
        let number = self.known + 1;
        let disk = self.disk.clone();
        let mut begun = pin!(timeout(MINUTE, disk.begun(number)));
        let step = poll_fn(|context| {
            self.poll(context);
            match begun.as_mut().poll(context) {
                Poll::Ready(Ok(())) => Poll::Ready(Step::Began),
                _ if self.outcome.is_some() => Poll::Ready(Step::Returned),
                Poll::Ready(Err(_)) => Poll::Ready(Step::Nothing),
                Poll::Pending => Poll::Pending,
            }
        })
        .await;
        // The clock knows nothing of threads outside the pool.
        let begun = matches!(step, Step::Began) || self.has_begun_elsewhere(number);
        self.loop_was_free()?;
        if !begun {
            return Ok(step);
        }
        self.known = number;
        let append = &self.disk.appends()[number - 1];
        in_the_pool(append)?;
        has_lines(append)?;
        Ok(Step::Began)
    }

    /// Whether a thread outside the pool has begun to append. If the answer uses none, there's nothing to wait for.
    fn has_begun_elsewhere(&self, number: usize) -> bool {
        self.outcome.is_none() && nap_until(|| self.disk.appends().len() >= number)
    }

    /// Whether so many appends have begun, on threads that may need a while.
    pub(super) async fn has_begun_meanwhile(&mut self, number: usize) -> bool {
        self.turns().await;
        nap_until(|| self.disk.appends().len() >= number)
    }

    /// While this append, of a slow disk, is under way, the call waits, and no other append is.
    pub(super) async fn still_running(&mut self, number: usize) -> Result<(), Fault> {
        self.turns().await;
        self.loop_was_free()?;
        if let Some(Err(message)) = &self.outcome {
            return Err(fault_of(message.clone()));
        }
        ensure(self.outcome.is_none(), || {
            returned_before_work_finished(&self.disk)
        })?;
        let appends = self.disk.appends();
        ensure(appends.len() == number, || at_the_same_time(&self.disk))
    }

    fn loop_was_free(&self) -> Result<(), Fault> {
        ensure(!self.disk.lost_patience(), || {
            Fault::new("thread_joined_in_async_code")
                .happened("the blocking pool got a job, and the runtime's thread stood still until the job was done")
                .expected("while a job runs, the runtime's thread runs other tasks")
                .next("await the handle of `spawn_blocking`: `block_on`, `recv` and a loop around `is_finished` keep the runtime's thread")
                .drawn(drawing(&self.disk))
        })
    }

    /// Lets every append end, one after the other, until the call returns and leaves nothing behind. There has to be no
    /// sender left.
    pub(super) async fn run_to_the_end(&mut self) -> Result<(), Fault> {
        self.disk.end(self.known);
        while self.outcome.is_none() {
            match self.next().await? {
                Step::Began => {
                    self.still_running(self.known).await?;
                    self.disk.end(self.known);
                }
                Step::Returned => {}
                // It waits for what never comes, which whoever runs the test will say.
                Step::Nothing => self.beside(std::future::pending()).await,
            }
        }
        let left_running = |append: &Append| append.succeeded.is_none();
        let at_return = self.disk.appends();
        let done = at_return.len();
        let finished = !at_return.iter().any(left_running);
        self.disk.end(usize::MAX);
        let rest = rest(MINUTE).await;
        let finished = finished && self.disk.appends().len() == done && rest != Rest::JobRunning;
        ensure(finished, || returned_before_work_finished(&self.disk))?;
        if let Some(Err(message)) = &self.outcome {
            return Err(fault_of(message.clone()));
        }
        Ok(())
    }

    /// The call returned, and the file has these lines, of which it knows the number.
    pub(super) fn wrote(&self, lines: &[String]) -> Result<(), Fault> {
        self.lines_are(&self.disk.lines(), lines)?;
        let outcome = self.outcome.as_ref();
        let Some(Ok(Ok(count))) = outcome else {
            return Err(Fault::new("success_reported_as_failure")
                .happened(format!(
                    "no append failed, and the function returned {}",
                    said(outcome)
                ))
                .expected("when every sender is gone and every line is written, it returns how many lines there were")
                .next("return an error only if `append` does: a channel that closes is how the log ends"));
        };
        ensure(*count == lines.len(), || {
            Fault::new("wrong_count_returned")
                .happened(format!(
                    "for {}, in {}, the function returned {count}",
                    counted(lines.len(), "line"),
                    counted(self.disk.appends().len(), "job")
                ))
                .expected(format!("it returns {}, the number of lines", lines.len()))
                .next("add the length of each batch to a count, once its job has succeeded")
        })
    }

    /// The file, or an append, has the lines that it should have.
    pub(super) fn lines_are(&self, written: &[String], expected: &[String]) -> Result<(), Fault> {
        if written == expected {
            return Ok(());
        }
        let sorted = |lines: &[String]| {
            let mut lines = lines.to_vec();
            lines.sort();
            lines
        };
        let given = counted(expected.len(), "line");
        let differing = std::iter::zip(written, expected).position(|(is, ought)| is != ought);
        Err(if sorted(written) == sorted(expected) {
            let at = differing.unwrap_or_default();
            Fault::new("input_order_ignored")
                .happened(format!(
                    "line {} of {given} was {:?}, and the log has {:?} there",
                    at + 1,
                    expected[at],
                    written[at]
                ))
                .expected("the log has the lines in the order in which they came")
                .next("append a batch as it came out of the channel, and one batch after the other")
        } else {
            let happened = match differing {
                Some(at) => format!(
                    "line {} of {given} was {:?}, and the log has {:?} there",
                    at + 1,
                    expected[at],
                    written[at]
                ),
                None => format!("of {given}, the log has {}", written.len()),
            };
            Fault::new("lines_lost")
                .happened(happened)
                .expected("the log gets every line once, as it was sent, those included that are still in the channel when the last sender goes")
                .next("write lines as you receive them, and return only when the receiver says that the channel is empty and closed: `recv` with `None`, `recv_many` with 0")
                .drawn(drawing(&self.disk))
        })
    }

    /// Drops the call half-way, as a caller does who no longer wants it.
    pub(super) fn cancel(self) {
        drop(self.running);
    }
}

/// An outcome in words.
pub(super) fn said(outcome: Option<&Outcome>) -> String {
    match outcome {
        Some(Ok(Ok(count))) => format!("`Ok({count})`"),
        Some(Ok(Err(error))) => format!("`Err`: {error}"),
        Some(Err(message)) => format!("nothing, but panicked: {message}"),
        None => "nothing yet".to_owned(),
    }
}

fn were(lines: usize) -> String {
    let verb = if lines == 1 { "was" } else { "were" };
    format!("{} {verb}", counted(lines, "line"))
}

fn in_the_pool(append: &Append) -> Result<(), Fault> {
    let given = counted(append.lines.len(), "line");
    let fault = match (append.place, append.task) {
        (Place::BlockingPool, _) => return Ok(()),
        (Place::RuntimeThread, None) => Fault::new("blocking_call_in_async_code")
            .happened(format!("the runtime's thread appended {given}, and no other task could run meanwhile"))
            .next("call `log_file.append` in a closure for `spawn_blocking`, and await the handle: `async` alone moves nothing to another thread"),
        (Place::RuntimeThread, Some(_)) => Fault::new("spawn_used_for_blocking_work")
            .happened(format!("a task of its own appended {given}, but on the runtime's thread, where tasks take turns"))
            .next("call `log_file.append` in a closure for `spawn_blocking`: a task runs on the runtime's own thread"),
        (Place::Elsewhere, _) => Fault::new("file_access_outside_blocking_pool")
            .happened(format!("a thread that's neither the runtime's nor the blocking pool's appended {given}"))
            .next("replace the thread with `spawn_blocking`: the pool keeps its threads for the next job, and bounds how many there are"),
    };
    Err(fault.expected("a thread of the runtime's blocking pool appends, while the runtime's thread runs other tasks"))
}

fn has_lines(append: &Append) -> Result<(), Fault> {
    ensure(!append.lines.is_empty(), || {
        Fault::new("extra_call_made")
            .happened("the blocking pool got a job without a line to write")
            .expected("there's a job only if a line is waiting")
            .next("call `spawn_blocking` only after you have received a line")
    })
}

pub(super) fn returned_before_work_finished(disk: &Disk) -> Fault {
    let fault = Fault::new("returned_before_work_finished")
        .happened("the function returned while one of its jobs was queued or running: nobody learns whether its lines were written")
        .expected("when it returns, every job has succeeded or failed")
        .next("await the handle of each `spawn_blocking`, the last one too: a job whose handle is dropped ends some time later, or never");
    fault.drawn(drawing(disk))
}

pub(super) fn at_the_same_time(disk: &Disk) -> Fault {
    Fault::new("unrequested_concurrency")
        .happened("a job started while another one was writing: which of them writes first is luck")
        .expected(
            "the next job starts only when the one before has ended, so the lines keep their order",
        )
        .next("await the handle of each `spawn_blocking` before you start the next job")
        .drawn(drawing(disk))
}

/// Which append wrote which lines, and where: in lines of at most 70 columns. Of many appends the first are drawn.
pub(super) fn drawing(disk: &Disk) -> String {
    const MOST: usize = 6;
    let appends = disk.appends();
    let mut drawing = "job        lines  ran on\n".to_owned();
    let mut from = 1;
    for (index, append) in appends.iter().take(MOST).enumerate() {
        let next = from + append.lines.len();
        let lines = match append.lines.len() {
            0 => "none".to_owned(),
            1 => from.to_string(),
            _ => format!("{from}-{}", next - 1),
        };
        let (number, place) = (index + 1, append.place.word());
        drawing += &format!("{number:3}  {lines:>11}  {place}\n");
        from = next;
    }
    if appends.len() > MOST {
        drawing += &format!("  …  and {} more\n", appends.len() - MOST);
    }
    drawing
}

/// Waits for another thread, and blocks this one: only an answer that is wrong already gets here.
#[expect(
    clippy::disallowed_methods,
    reason = "it blocks the event loop on purpose"
)]
fn nap_until(holds: impl Fn() -> bool) -> bool {
    const NAPS: u32 = 200;
    for _ in 0..NAPS {
        if holds() {
            return true;
        }
        thread::sleep(Duration::from_millis(1));
    }
    holds()
}
