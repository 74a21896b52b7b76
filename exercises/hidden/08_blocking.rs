//! The hidden tests of chapter 08. They count beats, jobs and threads, and measure no time.
//!
//! Where an answer has to keep the loop alive, a heart beats beside it, as often as the runtime lets it. Work
//! on another thread lasts until the heart has beaten, so that beats are counted however fast the work is.

use std::{
    fs,
    future::{Future, poll_fn},
    io::ErrorKind,
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use async_workbook::{
    heartbeat::{Crunch, Heartbeat, What},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};
use tokio::{
    runtime::{Builder, Handle},
    task::{self, yield_now},
    time,
};
use tokio_util::task::AbortOnDropHandle;

use super::*;

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// The fault behind a panic, where its message tells it; any other panic goes on.
fn fault_of(message: String) -> Fault {
    if message.contains("can call blocking only when running on the multi-threaded runtime") {
        Fault::new("block_in_place_anywhere")
            .happened(format!("`block_in_place` panicked: {message}"))
            .expected("it works on a runtime with one thread too, where no other thread could take over the tasks")
            .next("use `spawn_blocking`, which works on every runtime")
    } else {
        panic::resume_unwind(Box::new(message))
    }
}

/// What an answer did beside a beating heart.
struct Watched {
    outcome: Result<u64, String>,
    calls: Vec<Crunch>,
    /// How often the heart had beaten when it began.
    start: u64,
    /// How often the clock had to be moved on, since nothing was computed any more.
    ticks: u64,
}

impl Watched {
    async fn new(answer: impl AsyncFnOnce(&Cruncher) -> u64, step: Duration) -> Self {
        let heartbeat = Heartbeat::start();
        let cruncher = Cruncher::new(&heartbeat);
        let ticks = Arc::new(AtomicU64::new(0));
        let ticking = tick(cruncher.clone(), Arc::clone(&ticks), step);
        let ticking = AbortOnDropHandle::new(tokio::spawn(ticking));
        let start = heartbeat.beats();
        let outcome = catch_panic(answer(&cruncher)).await;
        drop(ticking);
        Self {
            outcome,
            calls: cruncher.calls(),
            start,
            ticks: ticks.load(Ordering::Relaxed),
        }
    }
}

/// Moves the paused clock on where an answer waits for a timer: with a heart beside it, some task is always
/// ready, and the clock would stand still.
async fn tick(cruncher: Cruncher, ticks: Arc<AtomicU64>, step: Duration) {
    const ROUNDS: u32 = 300;
    loop {
        let before = cruncher.calls().len();
        for _ in 0..ROUNDS {
            yield_now().await;
        }
        if cruncher.calls().len() == before {
            ticks.fetch_add(1, Ordering::Relaxed);
            time::advance(step).await;
        }
    }
}

mod fib {
    use super::*;

    async fn watched(n: u64) -> Watched {
        // Small steps: a timeout around the job must not run out while the job is under way.
        let step = Duration::from_millis(10);
        Watched::new(async |cruncher| super::super::fib(cruncher, n).await, step).await
    }

    /// What it returned for `n`, if another thread computed it while the loop was free.
    async fn computed(n: u64) -> Result<u64, Fault> {
        let watched = watched(n).await;
        let value = watched.outcome.map_err(fault_of)?;
        computed_once(n, &watched.calls)?;
        let stage = watched.calls[0].stage;
        ensure(!stage.on_loop, || {
            let fault = if stage.task.is_some() {
                Fault::new("spawn_moves_no_thread")
                    .happened(format!("`fib({n})` was computed in a task of its own, on the runtime's thread: tasks take turns on it"))
                    .next("`tokio::spawn` takes a future to poll; a closure for another thread goes to `spawn_blocking`")
            } else if stage.from > watched.start {
                one_yield_at_the_start("the computation").next(
                    "one yield lets the others run once; hand the computation to `spawn_blocking`",
                )
            } else {
                Fault::new("blocks_the_loop")
                    .happened(format!("`fib({n})` was computed on the runtime's thread, and the heart beat 0 times meanwhile"))
                    .next("`async` moves nothing to another thread; `spawn_blocking` does")
            };
            fault.expected(
                "another thread computes, while the runtime's runs other tasks: more than 0 beats",
            )
        })?;
        ensure(stage.beats() > 0, || {
            Fault::new("thread_joined_on_the_loop")
                .happened(format!("another thread computed `fib({n})`, but the heart beat 0 times: the runtime's thread stood still until the other had ended"))
                .expected("the runtime's thread runs other tasks until the result is there: more than 0 beats")
                .next("await the result: the handle of `spawn_blocking`, or a `tokio::sync::oneshot` that the thread sends to; `join`, `recv` and `block_on` keep the thread")
        })?;
        Ok(value)
    }

    #[test]
    fn the_loop_is_free_while_it_computes() {
        examine(async |_: &Recorder| {
            for n in [17, 5, 20, 1] {
                computed(n).await?;
            }
            Ok(())
        });
    }

    fn computed_once(n: u64, calls: &[Crunch]) -> Result<(), Fault> {
        let asked = calls.iter().filter(|call| call.what == What::Fib(n));
        let asked = asked.count();
        ensure(asked > 0, || {
            let made = calls.iter().map(|call| match call.what {
                What::Fib(other) => format!("`fib({other})`"),
                What::Digest(_) => "`digest`".to_owned(),
            });
            let made: Vec<_> = made.collect();
            Fault::new("cruncher_not_asked")
                .happened(if made.is_empty() {
                    format!("`cruncher.fib({n})` was not called, or not waited for")
                } else {
                    format!("the cruncher was asked for {}, and not for `fib({n})`", made.join(", "))
                })
                .expected(format!("`cruncher.fib({n})` computes the result: whoever computes it otherwise cannot be watched"))
                .next("clone the cruncher, and call `fib` on the clone")
        })?;
        ensure(calls.len() == 1, || {
            Fault::new("computed_too_often")
                .happened(format!(
                    "the cruncher was called {} times for one result",
                    calls.len()
                ))
                .expected("it is called once")
                .next("keep the result of the first call")
        })
    }

    #[test]
    fn the_value_is_right() {
        examine(async |_: &Recorder| {
            let right = [(0, 0), (1, 1), (2, 1), (10, 55), (16, 987), (21, 10_946)];
            for (n, expected) in right {
                let value = computed(n).await?;
                ensure(value == expected, || {
                    Fault::new("wrong_value")
                        .happened(format!("`fib({n})` gave {value}"))
                        .expected(format!("it gives {expected}, as `cruncher.fib({n})` does"))
                        .next("return what the cruncher returned")
                })?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_panic_surfaces() {
        examine(async |_: &Recorder| {
            for n in [94, 1000, u64::MAX] {
                match watched(n).await.outcome {
                    // A panic, but not the cruncher's.
                    Err(message) if message.contains("can call blocking") => {
                        return Err(fault_of(message));
                    }
                    Err(_) => {}
                    Ok(value) => {
                        return Err(Fault::new("panic_swallowed")
                            .happened(format!("`cruncher.fib({n})` panics, and the function returned {value} as if nothing had happened"))
                            .expected("the function panics too: there is no right value to return")
                            .next("the `Err` of a join handle is the panic: `unwrap` or `expect` it"));
                    }
                }
            }
            Ok(())
        });
    }
}

fn one_yield_at_the_start(what: &str) -> Fault {
    Fault::new("one_yield_at_the_start").happened(format!(
        "the heart beat before {what} began, and 0 times from then on"
    ))
}

mod checksum {
    use super::*;

    /// Bytes that repeat nowhere near the length of a chunk, and differ from salt to salt.
    fn data(salt: u64, len: usize) -> Vec<u8> {
        let mut state = salt.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let byte = |_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        };
        (0..len).map(byte).collect()
    }

    async fn watched(data: &[u8]) -> Watched {
        let step = Duration::from_secs(60);
        Watched::new(
            async |cruncher| super::super::checksum(cruncher, data).await,
            step,
        )
        .await
    }

    /// The checksum, told without any cruncher of the answer's.
    fn right(data: &[u8]) -> u64 {
        Cruncher::new(&Heartbeat::start()).digest(0, data)
    }

    fn bytes(call: &Crunch) -> usize {
        match call.what {
            What::Digest(bytes) => bytes,
            What::Fib(_) => 0,
        }
    }

    #[test]
    fn others_run_after_each_chunk() {
        examine(async |_: &Recorder| {
            for (salt, len) in [
                (1, 3 * CHUNK),
                (2, 10 * CHUNK + 17),
                (3, CHUNK + 1),
                (4, 21 * CHUNK),
            ] {
                let data = data(salt, len);
                let watched = watched(&data).await;
                if let Err(message) = &watched.outcome {
                    return Err(fault_of(message.clone()));
                }
                digested(len, &watched.calls)?;
                on_this_thread(&watched.calls)?;
                gave_way(len, &watched)?;
                waited_for_nothing(len, &watched)?;
            }
            Ok(())
        });
    }

    fn waited_for_nothing(len: usize, watched: &Watched) -> Result<(), Fault> {
        ensure(watched.ticks == 0, || {
            Fault::new("sleeps_to_yield")
                .happened(format!("with {} to digest, the function waited for a timer, although nothing else was to be done", counted(len, "byte")))
                .expected("it stays ready: others run once each, and then it goes on")
                .next("`yield_now().await` gives way without waiting; a sleep gives way, and then waits for its time to come")
        })
    }

    fn digested(len: usize, calls: &[Crunch]) -> Result<(), Fault> {
        ensure(calls.iter().map(bytes).sum::<usize>() > 0, || {
            Fault::new("cruncher_not_asked")
                .happened(format!("there were {}, and the cruncher digested none of them", counted(len, "byte")))
                .expected("`cruncher.digest` computes the sum: whoever computes it otherwise cannot be watched")
                .next("begin with `sum = 0`, and go on with `sum = cruncher.digest(sum, piece)`")
        })
    }

    fn on_this_thread(calls: &[Crunch]) -> Result<(), Fault> {
        let away = calls.iter().filter(|call| !call.stage.on_loop).count();
        ensure(away == 0, || {
            Fault::new("taken_to_another_thread")
                .happened(format!("{away} of {} were digested on another thread", counted(calls.len(), "piece")))
                .expected("all of it stays on the thread that awaits the function: the data is borrowed, and need not be copied")
                .next("digest a chunk here, then give way with `yield_now().await`")
        })
    }

    /// How many bytes were digested at the most without a beat in between, held against `CHUNK`.
    fn gave_way(len: usize, watched: &Watched) -> Result<(), Fault> {
        let calls = &watched.calls;
        let (mut longest, mut run, mut beaten) = (0, 0, 0);
        let mut before: Option<&Crunch> = None;
        for call in calls {
            if before.is_some_and(|before| before.stage.to < call.stage.from) {
                beaten += 1;
                run = 0;
            }
            run += bytes(call);
            longest = longest.max(run);
            before = Some(call);
        }
        ensure(longest <= CHUNK, || {
            let pieces = counted(calls.len(), "piece");
            let fault = if beaten > 0 {
                Fault::new("yields_too_rarely")
                    .happened(format!(
                        "of {} in {pieces}, {longest} were digested without a beat in between",
                        counted(len, "byte")
                    ))
                    .next("yield after every chunk, and make no chunk longer than `CHUNK`")
            } else if calls[0].stage.from > watched.start {
                one_yield_at_the_start("the first chunk")
                    .next("a yield lets the others run once, and promises nothing for later: yield after each chunk")
            } else if calls.len() == 1 {
                Fault::new("blocks_the_loop")
                    .happened(format!(
                        "all {} were digested in one piece, and the heart beat 0 times meanwhile",
                        counted(len, "byte")
                    ))
                    .next("cut the data with `data.chunks(CHUNK)`, and yield after each of them")
            } else {
                Fault::new("nothing_gives_way")
                    .happened(format!("{} were digested in {pieces}, and between them the heart beat 0 times: nothing was awaited there, or only what was ready at once", counted(len, "byte")))
                    .next("an `.await` gives way only where the future is not ready; `tokio::task::yield_now()` is not, the first time")
            };
            fault.expected(format!("the heart beats after at most {CHUNK} bytes"))
        })
    }

    #[test]
    fn every_byte_counts_once() {
        examine(async |_: &Recorder| {
            for (salt, len) in [
                (1, 0),
                (2, 1),
                (3, CHUNK - 1),
                (4, CHUNK),
                (5, CHUNK + 1),
                (6, 2 * CHUNK),
                (7, 7 * CHUNK + 300),
            ] {
                let data = data(salt, len);
                let watched = watched(&data).await;
                let done: usize = watched.calls.iter().map(bytes).sum();
                on_this_thread(&watched.calls)?;
                if watched.outcome.is_ok() {
                    waited_for_nothing(len, &watched)?;
                }
                let value = watched.outcome.map_err(fault_of)?;
                let given = counted(len, "byte");
                ensure(done >= len, || {
                    Fault::new("bytes_lost")
                        .happened(format!("of {given}, {done} were digested"))
                        .expected("every byte is, also those of a last chunk that is not full")
                        .next("`chunks` yields the rest as a shorter chunk; `chunks_exact` keeps it back")
                })?;
                ensure(done == len, || {
                    Fault::new("bytes_twice")
                        .happened(format!("there were {given}, and {done} were digested"))
                        .expected("each byte is digested once")
                        .next("look at where each chunk begins and ends")
                })?;
                let expected = right(&data);
                ensure(value == expected, || {
                    Fault::new("wrong_value")
                        .happened(format!("the checksum of {given} was {value:#x}"))
                        .expected(format!("it is {expected:#x}: 0 for no bytes, and for the rest `digest` in their order, each with the sum so far"))
                        .next("begin with `sum = 0`, and go on with `sum = cruncher.digest(sum, chunk)`")
                })?;
            }
            Ok(())
        });
    }
}

mod append_log {
    use super::*;

    /// A folder of a test's own, which goes when the test does.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let folder = (0..)
                .map(|number| {
                    std::env::temp_dir()
                        .join(format!("workbook-08-{}-{number}", std::process::id()))
                })
                .find(|folder| match fs::create_dir(folder) {
                    Ok(()) => true,
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => false,
                    Err(error) => panic!("cannot make {}: {error}", folder.display()),
                });
            Self(folder.expect("the numbers do not end"))
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            // What cannot be removed is left to the system.
            drop(fs::remove_dir_all(&self.0));
        }
    }

    /// Holds the only thread of a blocking pool, except while the loop has nothing to do. So no job can be
    /// done by the time that whoever handed it in goes on.
    #[derive(Clone, Default)]
    struct Gate(Arc<Mutex<Option<mpsc::Sender<()>>>>);

    impl Gate {
        /// Returns when all jobs that were handed in before are done, and holds the pool. Gives up, and
        /// holds nothing, after so many naps: a job may wait for what the loop has yet to send.
        fn close(&self, naps: u32) -> bool {
            let (entered, inside) = mpsc::channel();
            let (hold, released) = mpsc::channel::<()>();
            drop(task::spawn_blocking(move || {
                // Nothing is sent here: the channel ends when the gate is opened.
                let _opened = entered.send(()).map(|()| released.recv());
            }));
            let nap = Duration::from_millis(1);
            let closed = (0..naps).any(|_| inside.recv_timeout(nap).is_ok());
            if closed {
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(hold);
            }
            closed
        }

        fn open(&self) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }

    /// What an answer did on a runtime with one thread, and one more for blocking jobs.
    struct Logged {
        outcome: io::Result<usize>,
        /// How many jobs the pool was given.
        jobs: u64,
        /// Whether the file changed while the pool stood still.
        outside: bool,
        /// Whether the function returned before the pool could do anything.
        at_once: bool,
        /// What the file held when the function returned.
        at_return: Option<Vec<u8>>,
        /// What it held when the pool had done everything.
        in_the_end: Option<Vec<u8>>,
    }

    /// Calls the answer once; a panic is returned as its message.
    fn log_once(path: &Path, lines: &[&str]) -> Result<Logged, String> {
        let lines = lines.iter().map(|&line| line.to_owned()).collect();
        // A thread of its own, since a runtime cannot be run by a thread that runs one already.
        let ended = thread::scope(|scope| scope.spawn(|| run(path, lines)).join());
        ended.map_err(|payload| {
            let text = payload.downcast_ref::<&str>().map(ToString::to_string);
            let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
            text.unwrap_or_default()
        })
    }

    fn run(path: &Path, lines: Vec<String>) -> Logged {
        let gate = Gate::default();
        let at_stop = Arc::new(Mutex::new(None));
        let outside = Arc::new(AtomicBool::new(false));
        let stops = Arc::new(AtomicU64::new(0));
        // Once a job outlasts the patience, the pool is left alone.
        let left_alone = Arc::new(AtomicBool::new(false));
        let stop = {
            let (path, gate, left_alone) = (path.to_owned(), gate.clone(), Arc::clone(&left_alone));
            let (at_stop, stops) = (Arc::clone(&at_stop), Arc::clone(&stops));
            move |naps| {
                if left_alone.load(Ordering::Relaxed) {
                    return;
                }
                stops.fetch_add(1, Ordering::Relaxed);
                left_alone.store(!gate.close(naps), Ordering::Relaxed);
                *at_stop.lock().expect("nobody panics with it") = contents(&path);
            }
        };
        let go_on = {
            let (path, gate, outside) = (path.to_owned(), gate.clone(), Arc::clone(&outside));
            move || {
                let changed = *at_stop.lock().expect("nobody panics with it") != contents(&path);
                if changed && !left_alone.load(Ordering::Relaxed) {
                    outside.store(true, Ordering::Relaxed);
                }
                gate.open();
            }
        };
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(1)
            .on_thread_park(go_on.clone())
            .on_thread_unpark({
                let stop = stop.clone();
                move || stop(200)
            })
            .build()
            .expect("a runtime needs nothing but file descriptors");
        let work = async {
            stop(5_000);
            let first = next_number();
            stops.store(0, Ordering::Relaxed);
            // Tasks have numbers too, and are no jobs.
            let mut tasks = 0;
            let mut answer = pin!(super::super::append_log(path, lines));
            let outcome = poll_fn(|context| {
                let polled = answer.as_mut().poll(context);
                tasks = tasks.max(Handle::current().metrics().num_alive_tasks() as u64);
                polled
            })
            .await;
            let at_return = contents(path);
            let numbers = next_number() - first - 1;
            go_on();
            // By the time that it is closed again, every job is done.
            let gates = stops.load(Ordering::Relaxed);
            gate.close(2_000);
            gate.open();
            Logged {
                outcome,
                jobs: numbers.saturating_sub(gates + tasks),
                at_once: gates == 0,
                outside: outside.load(Ordering::Relaxed),
                at_return,
                in_the_end: contents(path),
            }
        };
        let ended = panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(work)));
        // Without this, the runtime would wait for the job that holds its pool.
        gate.open();
        runtime.shutdown_background();
        ended.unwrap_or_else(|payload| panic::resume_unwind(payload))
    }

    /// What the file holds; `None` if there is none, or no ordinary one: some devices can be read for ever.
    fn contents(path: &Path) -> Option<Vec<u8>> {
        path.is_file().then(|| fs::read(path).ok()).flatten()
    }

    /// The number of a job that is made for it. Jobs and tasks are numbered in one row as they are handed
    /// in, in the whole process.
    fn next_number() -> u64 {
        let job = task::spawn_blocking(|| ());
        job.id().to_string().parse().expect("task ids are numbers")
    }

    /// A file to append to, and what to append.
    struct Scenario {
        /// What stands in the file; `None` if there is none.
        before: Option<&'static str>,
        lines: Vec<&'static str>,
    }

    impl Scenario {
        fn new(before: impl Into<Option<&'static str>>, lines: &[&'static str]) -> Self {
            Self {
                before: before.into(),
                lines: lines.to_vec(),
            }
        }

        fn all() -> [Self; 7] {
            let many = [
                "started",
                "",
                "  indented",
                "naïve café",
                "tab\there",
                "again",
                "again",
                "the end",
            ];
            [
                Self::new("first\nsecond\n", &many.repeat(3)),
                Self::new(None, &["alone"]),
                Self::new("", &["one", "two"]),
                Self::new("kept\n", &[""]),
                Self::new("kept\n", &[]),
                Self::new(None, &many.repeat(400)),
                Self::new(
                    "a much longer line than those that follow it\n",
                    &["x", "y", "z"],
                ),
            ]
        }

        fn expected(&self) -> String {
            let before = self.before.unwrap_or_default().to_owned();
            let added = self.lines.iter().map(|line| format!("{line}\n"));
            before + &added.collect::<String>()
        }

        fn log(&self) -> Result<Logged, Fault> {
            let once = || {
                let folder = Folder::new();
                let path = folder.0.join("access.log");
                if let Some(before) = self.before {
                    fs::write(&path, before).expect("the folder is new");
                }
                log_once(&path, &self.lines).map_err(fault_of)
            };
            // Where other tests run in the same process, their jobs are counted in: the least is right.
            let mut least = once()?;
            for _ in 0..20 {
                if least.jobs <= 1 {
                    break;
                }
                let again = once()?;
                if again.jobs < least.jobs {
                    least = again;
                }
            }
            self.through_the_pool(&least)?;
            Ok(least)
        }

        fn through_the_pool(&self, logged: &Logged) -> Result<(), Fault> {
            let lines = self.lines.len();
            let given = counted(lines, "line");
            let one = "the blocking pool gets one job, and all of the file's opening, writing and flushing is done there";
            let whole = "put all of it into one closure for `spawn_blocking`, and await that";
            let jobs = usize::try_from(logged.jobs).unwrap_or(usize::MAX);
            ensure(jobs < 2 || lines < 2 || jobs < lines, || {
                Fault::new("a_job_for_each_line")
                    .happened(format!("for {given}, the blocking pool was given {jobs} jobs"))
                    .expected(one)
                    .next(format!("each operation of `tokio::fs` is a job of its own, and so is each `spawn_blocking`: {whole}"))
            })?;
            ensure(jobs < 2, || {
                Fault::new("several_jobs")
                    .happened(format!("for {given}, the blocking pool was given {jobs} jobs"))
                    .expected(one)
                    .next(format!("opening a file with `tokio::fs` is a job, and writing to it is another: {whole}"))
            })?;
            // With nothing to write, there need be no job.
            ensure((jobs == 1 || lines == 0) && !logged.outside, || {
                Fault::new("outside_the_blocking_pool")
                    .happened(if jobs == 0 {
                        format!("for {given}, the blocking pool was given no job: the file was touched on the runtime's thread, or on one that the pool does not know")
                    } else {
                        "the file changed while the blocking pool stood still: the runtime's thread did it".to_owned()
                    })
                    .expected(one)
                    .next(whole)
            })
        }
    }

    #[test]
    fn the_pool_gets_one_job() {
        examine(async |_: &Recorder| {
            for scenario in Scenario::all() {
                scenario.log()?;
            }
            Ok(())
        });
    }

    #[test]
    fn every_line_is_there_at_return() {
        examine(async |_: &Recorder| {
            for scenario in Scenario::all() {
                let logged = scenario.log()?;
                let lines = scenario.lines.len();
                let count = logged.outcome.as_ref().map_err(|error| {
                    Fault::new("file_not_made")
                        .happened(match scenario.before {
                            None => format!("for a file that did not exist, the function returned the error `{error}`"),
                            Some(_) => format!("the function returned the error `{error}`, although the file can be written"),
                        })
                        .expected("a file that is missing is made, and one that is there is appended to")
                        .next("open it with `OpenOptions::new().append(true).create(true)`")
                })?;
                scenario.holds(&logged)?;
                ensure(*count == lines, || {
                    Fault::new("wrong_count")
                        .happened(format!(
                            "for {}, the function returned {count}",
                            counted(lines, "line")
                        ))
                        .expected(format!("it returns {lines}, the number of lines"))
                        .next("return `Ok(lines.len())`")
                })?;
            }
            Ok(())
        });
    }

    impl Scenario {
        /// The file has what it should, when the function returned and later.
        fn holds(&self, logged: &Logged) -> Result<(), Fault> {
            let expected = self.expected();
            let holds = |bytes: &Option<Vec<u8>>| match bytes {
                Some(bytes) => bytes == expected.as_bytes(),
                // With no lines, a file that was missing may stay so.
                None => expected.is_empty(),
            };
            if holds(&logged.at_return) && holds(&logged.in_the_end) {
                return Ok(());
            }
            let text = |bytes: &Option<Vec<u8>>| {
                String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned()
            };
            let (at_return, in_the_end) = (text(&logged.at_return), text(&logged.in_the_end));
            let lines = self.lines.len();
            if at_return != in_the_end {
                return Err(returned_before_written(format!(
                    "of {}, the file held {}",
                    counted(expected.len(), "byte"),
                    at_return.len()
                )));
            }
            let before = self.before.unwrap_or_default();
            let Some(added) = in_the_end.strip_prefix(before) else {
                return Err(Fault::new("log_overwritten")
                    .happened(format!("the file held `{}`, and that was written over", before.trim_end()))
                    .expected("what stands in the file stays there; the new lines come after it")
                    .next("open with `append(true)`: `File::create` and `fs::write` empty the file, and `write(true)` alone begins at its first byte"));
            };
            let bare = |text: &str| text.replace('\n', "");
            let whole = |line: &str| self.lines.contains(&line);
            let all_whole = added.is_empty() || added.ends_with('\n') && added.lines().all(whole);
            Err(if bare(added) == self.lines.concat() && !all_whole {
                Fault::new("line_breaks_missing")
                    .happened(format!(
                        "{} came with {}",
                        counted(lines, "line"),
                        counted(added.matches('\n').count(), "line break")
                    ))
                    .expected("each line is followed by one line break, the last one too")
                    .next("write with `writeln!`; `join(\"\\n\")` puts line breaks between the lines, and none after the last")
            } else {
                Fault::new("lines_lost")
                    .happened(format!(
                        "of {}, with a line break each, {} arrived, and not all as they were given",
                        counted(expected.len() - before.len(), "byte"),
                        added.len()
                    ))
                    .expected("every line arrives whole, and in order")
                    .next("write each line with `writeln!` or `write_all`, to the last of them, and flush a buffer")
            })
        }
    }

    fn returned_before_written(how: String) -> Fault {
        Fault::new("returned_before_written")
            .happened(format!("the function returned while its job was under way: {how}"))
            .expected("when it returns, the job is done, and has succeeded or failed")
            .next("await the handle of `spawn_blocking`: a job that nobody awaits is done some time later, or never")
    }

    #[test]
    fn a_failure_is_an_error() {
        examine(async |_: &Recorder| {
            let folder = Folder::new();
            let logged = log_once(&folder.0, &["no file"]).map_err(|message| {
                if message.contains("can call blocking") {
                    return fault_of(message);
                }
                Fault::new("error_becomes_panic")
                    .happened(format!("where the path leads to a folder, the function panicked: {message}"))
                    .expected("it returns the error: a full disk or a wrong path is no fault of the program's")
                    .next("use `?` inside the closure, and pass on what the handle gives")
            })?;
            ensure(logged.jobs == 0 || !logged.at_once, || {
                returned_before_written("nobody learnt that it failed".to_owned())
            })?;
            ensure(logged.outcome.is_err(), || {
                Fault::new("error_swallowed")
                    .happened("the path led to a folder, and the function returned `Ok`")
                    .expected("what the system refuses is the `Err` of the function")
                    .next("the handle gives a `Result` of a `Result`: look at both")
            })?;
            // A device that can be opened, and refuses every byte.
            if cfg!(target_os = "linux") {
                let logged =
                    log_once(Path::new("/dev/full"), &["too", "much"]).map_err(fault_of)?;
                ensure(logged.outcome.is_err() || logged.jobs > 1, || {
                    Fault::new("flush_forgotten")
                        .happened("the disk was full (`/dev/full`), so that the last write failed, and the function returned `Ok`")
                        .expected("the error of the last write is the `Err` of the function, too")
                        .next("`flush()?` before returning: a `BufWriter` that is dropped writes what is left, and throws the error away")
                })?;
            }
            Ok(())
        });
    }
}
