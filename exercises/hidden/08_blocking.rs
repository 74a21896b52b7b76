//! The hidden tests of chapter 08. They count beats, jobs and threads, and measure no time.
//!
//! Where an answer has to keep the loop alive, a heart beats beside it, as often as the runtime lets it. Work
//! on another thread lasts until the heart has beaten, so that beats are counted however fast the work is.

use std::{
    fs,
    future::poll_fn,
    io::{self, ErrorKind, Write as _},
    panic,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    thread,
    time::Duration,
};

use async_workbook::{
    probes::heartbeat::{Heartbeat, Stage, drawing},
    services::cpu_work::{CpuCall, CpuWork, Operation},
    timeline::Recorder,
    verdict::{Fault, catch_panic, catch_panic_blocking, ensure, examine},
};
use tokio::{runtime::Builder, task::yield_now, time};
use tokio_util::task::AbortOnDropHandle;

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// The fault behind a panic, where its message tells it; any other panic goes on.
fn fault_of(message: String) -> Fault {
    known_panic(&message).unwrap_or_else(|| panic::resume_unwind(Box::new(message)))
}

/// The fault behind a panic of tokio's own.
fn known_panic(message: &str) -> Option<Fault> {
    if message.contains("can call blocking only when running on the multi-threaded runtime") {
        let fault = Fault::new("block_in_place_anywhere")
            .happened(format!("`block_in_place` panicked: {message}"))
            .expected("it works on a runtime with one thread too, where no other thread could take over the tasks")
            .next("use `spawn_blocking`, which works on every runtime");
        return Some(fault);
    }
    message
        .contains("Cannot start a runtime from within a runtime")
        .then(|| {
            Fault::new("thread_joined_on_the_loop")
                .happened(format!("`block_on` panicked: {message}"))
                .expected("the runtime's thread runs other tasks until the result is there")
                .next("in async code a future is awaited; what blocks goes to `spawn_blocking`")
        })
}

/// The fault, with a drawing of where the heart beat.
fn drawn(fault: Fault, name: &str, calls: &[CpuCall]) -> Fault {
    let stages: Vec<Stage> = calls.iter().map(|call| call.stage).collect();
    fault.drawn(drawing(name, &stages))
}

/// What an answer did beside a beating heart.
struct Watched {
    outcome: Result<u64, String>,
    /// How often `CpuWork` was called, and the calls that came to their end.
    begun: usize,
    calls: Vec<CpuCall>,
    /// How often the heart had beaten when it began.
    start: u64,
}

impl Watched {
    async fn new(answer: impl AsyncFnOnce(&CpuWork) -> u64) -> Self {
        let heartbeat = Heartbeat::start();
        let cpu_work = CpuWork::new(&heartbeat);
        let start = heartbeat.beats();
        let outcome = catch_panic(answer(&cpu_work)).await;
        Self {
            outcome,
            begun: cpu_work.begun(),
            calls: cpu_work.calls(),
            start,
        }
    }
}

mod fib {
    use super::*;

    async fn watched(n: u64) -> Watched {
        // With a heart beside it, a paused clock would stand still; and a timeout around the job must not run
        // out before its time.
        time::resume();
        let watched = Watched::new(async |cpu_work| super::super::fib(cpu_work, n).await).await;
        time::pause();
        watched
    }

    /// What it returned for `n`, if another thread computed it while the loop was free.
    async fn computed(n: u64) -> Result<u64, Fault> {
        let watched = watched(n).await;
        let value = watched.outcome.map_err(fault_of)?;
        computed_once(n, watched.begun, &watched.calls)?;
        let stage = watched.calls[0].stage;
        ensure(!stage.on_loop, || {
            let fault = if stage.task.is_some() {
                Fault::new("spawn_moves_no_thread")
                    .happened(format!("`fib({n})` was computed in a task of its own, on the runtime's thread: tasks take turns on it"))
                    .next("`tokio::spawn` takes a future to poll; a closure for another thread goes to `spawn_blocking`")
            } else if stage.from > watched.start {
                one_yield_at_the_start("the computation").next(
                    "waiting for something else beforehand lets the others run once; it is `cpu_work.fib` that has to be called in the closure for `spawn_blocking`",
                )
            } else {
                Fault::new("blocks_the_loop")
                    .happened(format!("`fib({n})` was computed on the runtime's thread, and the heart beat 0 times meanwhile"))
                    .next("`async` moves nothing to another thread. `spawn_blocking` does: its closure calls `cpu_work.fib` itself, and makes no future of it")
            };
            let fault = fault.expected(
                "another thread computes, while the runtime's runs other tasks: more than 0 beats",
            );
            drawn(fault, "fib", &watched.calls)
        })?;
        ensure(stage.beats() > 0, || {
            let fault = Fault::new("thread_joined_on_the_loop")
                .happened(format!("another thread computed `fib({n})`, but the heart beat 0 times: the runtime's thread stood still until the other had ended"))
                .expected("the runtime's thread runs other tasks until the result is there: more than 0 beats")
                .next("await the result: the handle of `spawn_blocking`, or a `tokio::sync::oneshot` that the thread sends to; `join`, `recv` and `block_on` keep the thread");
            drawn(fault, "fib", &watched.calls)
        })?;
        Ok(value)
    }

    #[test]
    fn the_loop_is_free_while_it_computes() {
        examine(async |_: &Recorder| {
            // One of them twice: each call computes anew.
            for n in [17, 5, 20, 1, 17] {
                computed(n).await?;
            }
            Ok(())
        });
    }

    fn computed_once(n: u64, begun: usize, calls: &[CpuCall]) -> Result<(), Fault> {
        let asked = calls
            .iter()
            .filter(|call| call.operation == Operation::Fib(n));
        let asked = asked.count();
        ensure(asked > 0, || {
            let made = calls.iter().map(|call| match call.operation {
                Operation::Fib(other) => format!("`fib({other})`"),
                Operation::Digest(_) => "`digest`".to_owned(),
            });
            let mut made: Vec<_> = made.take(4).collect();
            if calls.len() > made.len() {
                made[3] = format!("{} more", calls.len() - 3);
            }
            Fault::new("library_not_called")
                .happened(if made.is_empty() {
                    format!("`cpu_work.fib({n})` was not called, or not waited for")
                } else {
                    format!("`cpu_work` was asked for {}, and not for `fib({n})`", made.join(", "))
                })
                .expected(format!("`cpu_work.fib({n})` computes the result: whoever computes it otherwise cannot be watched"))
                .next("clone `cpu_work`, call `fib` on the clone in the other thread, and await its end")
        })?;
        called_once(begun)
    }

    fn called_once(begun: usize) -> Result<(), Fault> {
        ensure(begun <= 1, || {
            Fault::new("computed_too_often")
                .happened(format!(
                    "`cpu_work` was called {begun} times for one result"
                ))
                .expected("it is called once, also where it panics")
                .next("keep the result of the first call, and try nothing twice")
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
                        .expected(format!("it gives {expected}, as `cpu_work.fib({n})` does"))
                        .next("return what `cpu_work.fib` returned")
                })?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_panic_surfaces() {
        examine(async |_: &Recorder| {
            for n in [94, 1 << 32, u64::MAX] {
                let watched = watched(n).await;
                match watched.outcome {
                    // A panic; but it may not be the one of `CpuWork`.
                    Err(message) => known_panic(&message).map_or(Ok(()), Err)?,
                    Ok(value) => {
                        return Err(Fault::new("panic_swallowed")
                            .happened(format!("`cpu_work.fib({n})` panics, and the function returned {value} as if nothing had happened"))
                            .expected("the function panics too: there is no right value to return")
                            .next("the `Err` of a join handle is the panic: `unwrap` or `expect` it"));
                    }
                }
                called_once(watched.begun)?;
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

    /// The limit as the exercise gives it, whatever an answer makes of its own.
    const CHUNK: usize = 4096;

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

    /// What it did, and whether the clock had to be moved on for it.
    async fn watched(data: &[u8]) -> (Watched, bool) {
        // Between two ticks of the timer, as a real clock is: even a sleep of zero has to wait for the next.
        time::advance(Duration::from_micros(500)).await;
        let ticks = Arc::new(AtomicU64::new(0));
        let watched = Watched::new(async |cpu_work| {
            let ticking = tokio::spawn(tick(cpu_work.clone(), Arc::clone(&ticks)));
            let _ticking = AbortOnDropHandle::new(ticking);
            super::super::checksum(cpu_work, data).await
        });
        (watched.await, ticks.load(Ordering::Relaxed) > 0)
    }

    /// Moves the paused clock on where nothing is digested any more, and an answer must be waiting for a timer,
    /// if for anything: with a heart beside it, some task is always ready, and the clock would stand still.
    async fn tick(cpu_work: CpuWork, ticks: Arc<AtomicU64>) {
        // An answer may yield more often than it must.
        let mut rounds = 3_000;
        loop {
            let before = cpu_work.calls().len();
            for _ in 0..rounds {
                yield_now().await;
            }
            if cpu_work.calls().len() == before {
                ticks.fetch_add(1, Ordering::Relaxed);
                time::advance(Duration::from_secs(3600)).await;
                rounds = 100;
            }
        }
    }

    /// The checksum, computed without the `CpuWork` of the answer.
    fn right(data: &[u8]) -> u64 {
        CpuWork::new(&Heartbeat::start()).digest(0, data)
    }

    fn bytes(call: &CpuCall) -> usize {
        match call.operation {
            Operation::Digest(bytes) => bytes,
            Operation::Fib(_) => 0,
        }
    }

    #[test]
    fn others_run_after_each_chunk() {
        examine(async |_: &Recorder| {
            for (salt, len) in [(1, 3 * CHUNK), (2, 7 * CHUNK + 17), (3, CHUNK + 1)] {
                let data = data(salt, len);
                let (watched, waited) = watched(&data).await;
                if let Err(message) = &watched.outcome {
                    return Err(fault_of(message.clone()));
                }
                digested(len, &watched.calls)?;
                on_this_thread(&watched.calls)?;
                gave_way(len, &watched)?;
                waited_for_nothing(len, waited)?;
            }
            Ok(())
        });
    }

    fn waited_for_nothing(len: usize, waited: bool) -> Result<(), Fault> {
        ensure(!waited, || {
            Fault::new("sleeps_to_yield")
                .happened(format!("with {} to digest, the function waited for a timer, although nothing else was to be done", counted(len, "byte")))
                .expected("it stays ready: others run once each, and then it goes on")
                .next("`yield_now().await` gives way without waiting; a sleep gives way, and then waits for its time to come")
        })
    }

    fn digested(len: usize, calls: &[CpuCall]) -> Result<(), Fault> {
        ensure(calls.iter().map(bytes).sum::<usize>() > 0, || {
            Fault::new("library_not_called")
                .happened(format!("there were {}, and `cpu_work` digested none of them", counted(len, "byte")))
                .expected("`cpu_work.digest` computes the sum: whoever computes it otherwise cannot be watched")
                .next("begin with `sum = 0`, and go on with `sum = cpu_work.digest(sum, piece)`")
        })
    }

    fn on_this_thread(calls: &[CpuCall]) -> Result<(), Fault> {
        let away = calls.iter().filter(|call| !call.stage.on_loop).count();
        ensure(away == 0, || {
            let fault = Fault::new("taken_to_another_thread")
                .happened(format!("{away} of {} were digested on another thread", counted(calls.len(), "piece")))
                .expected("all of it stays on the thread that awaits the function: the data is borrowed, and need not be copied")
                .next("digest a chunk here, then give way with `yield_now().await`");
            drawn(fault, "checksum", calls)
        })
    }

    /// How many bytes were digested at the most without a beat in between, held against `CHUNK`.
    fn gave_way(len: usize, watched: &Watched) -> Result<(), Fault> {
        let calls = &watched.calls;
        let (mut longest, mut run, mut beaten) = (0, 0, 0);
        let mut before: Option<&CpuCall> = None;
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
                    .next(format!(
                        "yield after every chunk, and make no chunk longer than {CHUNK} bytes"
                    ))
            } else if calls[0].stage.task.is_some() {
                Fault::new("spawn_moves_no_thread")
                    .happened(format!(
                        "all {} were digested in a task of its own, on the same thread, and the heart beat 0 times meanwhile",
                        counted(len, "byte")
                    ))
                    .next("tasks take turns on the thread, and a turn ends where the task gives way: yield after each chunk")
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
                    .next("an `.await` gives way only where the future is not ready; `tokio::task::yield_now()` is not, the first time (`std::thread::yield_now` gives way to other threads, and to no task)")
            };
            let fault = fault.expected(format!("the heart beats after at most {CHUNK} bytes"));
            drawn(fault, "checksum", calls)
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
                // As long as the one before, and other bytes.
                (8, CHUNK + 1),
                (6, 2 * CHUNK),
                (7, 3 * CHUNK + 300),
            ] {
                let data = data(salt, len);
                let (watched, waited) = watched(&data).await;
                let done: usize = watched.calls.iter().map(bytes).sum();
                on_this_thread(&watched.calls)?;
                if watched.outcome.is_ok() {
                    waited_for_nothing(len, waited)?;
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
                        .next("begin with `sum = 0`, and go on with `sum = cpu_work.digest(sum, chunk)`")
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

    const NAP: Duration = Duration::from_millis(1);

    /// The threads of a runtime's blocking pool, each held at a gate until the loop comes round: so no job is
    /// done by the time that whoever handed it in goes on.
    ///
    /// The pool keeps no thread that has nothing to do, and so each job gets one of its own. Counting threads
    /// counts jobs, those of this runtime alone, and no tasks.
    #[derive(Default)]
    struct Pool(Mutex<Threads>);

    #[derive(Default)]
    struct Threads {
        begun: usize,
        /// So many of those that have begun may pass the gate.
        let_in: usize,
        ended: usize,
        /// Whether the gate stands open for all that begin.
        open: bool,
        /// Whether one has gone in by itself, since the loop did not come round.
        impatient: bool,
    }

    impl Pool {
        /// Called by a thread that has begun; returns when it may do its job.
        fn enter(&self) {
            const PATIENCE: u32 = 2_000;
            let number = {
                let mut threads = self.lock();
                threads.begun += 1;
                if threads.open {
                    threads.let_in = threads.begun;
                }
                threads.begun
            };
            let let_in = self.wait(PATIENCE, |threads| {
                threads.let_in >= number || threads.impatient
            });
            let mut threads = self.lock();
            threads.let_in = threads.let_in.max(number);
            threads.impatient |= !let_in;
        }

        /// Called by a thread that has done its job.
        fn leave(&self) {
            self.lock().ended += 1;
        }

        fn open(&self) {
            let mut threads = self.lock();
            threads.open = true;
            threads.let_in = threads.begun;
        }

        /// Lets nobody else in, once those that are in have ended, or after so many naps: a job may wait for
        /// what the loop has yet to send. Says whether none is left.
        fn close(&self, naps: u32) -> bool {
            let none_left = self.wait(naps, |threads| {
                let none_left = threads.let_in == threads.ended;
                if none_left {
                    threads.open = false;
                }
                none_left
            });
            self.lock().open = false;
            none_left
        }

        /// Counts naps, not time: on a busy machine each of them takes longer, and so does the patience.
        #[expect(clippy::disallowed_methods, reason = "it holds the loop on purpose")]
        fn wait(&self, naps: u32, done: impl Fn(&mut Threads) -> bool) -> bool {
            for _ in 0..naps {
                if done(&mut self.lock()) {
                    return true;
                }
                thread::sleep(NAP);
            }
            done(&mut self.lock())
        }

        fn lock(&self) -> MutexGuard<'_, Threads> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    /// The watch on a file beside an answer.
    struct Watch {
        path: PathBuf,
        pool: Arc<Pool>,
        /// What the file held when no job was in; `None` while one is.
        seen: Option<Option<Vec<u8>>>,
        /// How long a job may keep the loop.
        naps: u32,
        /// Whether the file changed while no job was in.
        outside: bool,
        /// What another program has appended, as soon as the loop came round; `None` before that.
        meanwhile: Option<&'static str>,
    }

    impl Watch {
        fn new(path: &Path, pool: &Arc<Pool>) -> Self {
            Self {
                path: path.to_owned(),
                pool: Arc::clone(pool),
                seen: Some(contents(path)),
                naps: 100,
                outside: false,
                meanwhile: None,
            }
        }

        fn look(&mut self) {
            let seen = self.seen.as_ref();
            self.outside |= seen.is_some_and(|seen| *seen != contents(&self.path));
        }

        /// Appends what another program might, to a file that is there.
        fn append_meanwhile(&self) -> &'static str {
            const LINE: &str = "from another program\n";
            if !self.path.is_file() {
                return "";
            }
            let mut file = fs::OpenOptions::new()
                .append(true)
                .open(&self.path)
                .expect("the file is the test's own");
            file.write_all(LINE.as_bytes())
                .expect("the disk is not full");
            LINE
        }

        /// The loop has come round: jobs are done.
        fn turn(&mut self) {
            self.look();
            if self.meanwhile.is_none() {
                self.meanwhile = Some(self.append_meanwhile());
            }
            self.pool.open();
            let none_left = self.pool.close(self.naps);
            self.seen = none_left.then(|| contents(&self.path));
            // One that needs the loop will do so again.
            if !none_left {
                self.naps = 0;
            }
        }
    }

    /// What an answer did on a runtime with one thread.
    struct Logged {
        outcome: io::Result<usize>,
        /// How many jobs the pool was given.
        jobs: usize,
        /// How many of them were not done when the function returned.
        under_way: usize,
        /// Whether a job was done while the runtime's thread stood still.
        kept: bool,
        /// Whether the file changed while the pool stood still.
        outside: bool,
        /// What another program has appended before any job was done.
        meanwhile: &'static str,
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
        ended.expect("a panic of the answer's is caught")
    }

    fn run(path: &Path, lines: Vec<String>) -> Result<Logged, String> {
        let pool = Arc::new(Pool::default());
        let watch = Arc::new(Mutex::new(Watch::new(path, &pool)));
        let (begun, ended) = (Arc::clone(&pool), Arc::clone(&pool));
        let runtime = Builder::new_current_thread()
            .enable_all()
            .thread_keep_alive(Duration::ZERO)
            .on_thread_start(move || begun.enter())
            .on_thread_stop(move || ended.leave())
            .build()
            .expect("a runtime needs nothing but file descriptors");
        let turns = {
            let watch = Arc::clone(&watch);
            poll_fn::<(), _>(move |context| {
                watch.lock().expect("nobody panics with it").turn();
                // Not by `yield_now`, which waits until no other task is ready.
                context.waker().wake_by_ref();
                Poll::Pending
            })
        };
        let work = async {
            let turns = AbortOnDropHandle::new(tokio::spawn(turns));
            let outcome = super::super::append_log(path, lines).await;
            drop(turns);
            // Those that have given their result end now. No other is let in.
            pool.close(2_000);
            watch.lock().expect("nobody panics with it").look();
            (outcome, contents(path), pool.lock().ended)
        };
        let returned = catch_panic_blocking(|| runtime.block_on(work));
        // Waits until every thread has ended, those included that have yet to begin.
        pool.open();
        runtime.shutdown_timeout(2_000 * NAP);
        let (outcome, at_return, ended) = returned?;
        let watch = watch.lock().expect("nobody panics with it");
        let threads = pool.lock();
        Ok(Logged {
            outcome,
            jobs: threads.begun,
            under_way: threads.begun - ended,
            kept: threads.impatient,
            outside: watch.outside,
            meanwhile: watch.meanwhile.unwrap_or_default(),
            at_return,
            in_the_end: contents(path),
        })
    }

    /// What the file holds; `None` if there is none, or no ordinary one: some devices can be read for ever.
    fn contents(path: &Path) -> Option<Vec<u8>> {
        path.is_file().then(|| fs::read(path).ok()).flatten()
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

        fn log(&self) -> Result<Logged, Fault> {
            let folder = Folder::new();
            let path = folder.0.join("access.log");
            if let Some(before) = self.before {
                fs::write(&path, before).expect("the folder is new");
            }
            let logged = log_once(&path, &self.lines).map_err(fault_of)?;
            self.through_the_pool(&logged)?;
            Ok(logged)
        }

        fn through_the_pool(&self, logged: &Logged) -> Result<(), Fault> {
            let (lines, jobs) = (self.lines.len(), logged.jobs);
            let given = counted(lines, "line");
            let one = "the blocking pool gets one job, and all of the file's opening, writing and flushing is done there";
            let whole = "put all of it into one closure for `spawn_blocking`, and await that";
            ensure(!logged.kept, || {
                Fault::new("thread_joined_on_the_loop")
                    .happened(format!("for {given}, the blocking pool was given a job, and the runtime's thread stood still until that was done"))
                    .expected("while the job is under way, the runtime's thread runs other tasks")
                    .next("`.await` the handle of `spawn_blocking`: `block_on`, `recv` and a loop around `is_finished` keep the thread")
            })?;
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
            let before = self
                .before
                .map(|before| before.to_owned() + logged.meanwhile);
            let untouched = logged.in_the_end == before.map(String::into_bytes);
            ensure(jobs == 1 || lines == 0 || !untouched, || {
                returned_before_written(format!("of {given}, none had been handed in"))
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
            let ours = self.before.unwrap_or_default();
            let before = ours.to_owned() + logged.meanwhile;
            let added = self.lines.iter().map(|line| format!("{line}\n"));
            let expected = before.clone() + &added.collect::<String>();
            let text = |bytes: &Option<Vec<u8>>| {
                String::from_utf8_lossy(bytes.as_deref().unwrap_or_default()).into_owned()
            };
            // With no lines, a file that was missing may stay so.
            let (at_return, in_the_end) = (text(&logged.at_return), text(&logged.in_the_end));
            ensure(logged.under_way == 0 && at_return == in_the_end, || {
                let (all, there) = (counted(expected.len(), "byte"), at_return.len());
                returned_before_written(format!("of {all}, the file held {there}"))
            })?;
            let Some(added) = in_the_end.strip_prefix(&before) else {
                let fault = Fault::new("log_overwritten");
                let fault = if in_the_end.starts_with(ours) && !ours.is_empty() {
                    fault.happened("another program appended a line before the job began, and that was written over: the file had been read too early")
                } else {
                    fault.happened(format!(
                        "the file held `{}`, and that was written over",
                        before.trim_end()
                    ))
                };
                return Err(fault
                    .expected("what stands in the file stays there; the new lines come after it")
                    .next("open with `append(true)`: `File::create` and `fs::write` empty the file, and `write(true)` alone begins at its first byte"));
            };
            if in_the_end == expected {
                return Ok(());
            }
            let bare = |text: &str| text.replace('\n', "");
            let whole = |line: &str| self.lines.contains(&line);
            let all_whole = added.is_empty() || added.ends_with('\n') && added.lines().all(whole);
            Err(if bare(added) == self.lines.concat() && !all_whole {
                let lines = counted(self.lines.len(), "line");
                let breaks = counted(added.matches('\n').count(), "line break");
                Fault::new("line_breaks_missing")
                    .happened(format!("{lines} came with {breaks}, not each with one behind it"))
                    .expected("each line is followed by one line break, the last one too")
                    .next("write each with `writeln!`; `join(\"\\n\")` puts line breaks between the lines, and none after the last")
            } else {
                Fault::new("lines_lost")
                    .happened(self.first_difference(added))
                    .expected("every line arrives whole, and in order")
                    .next("write each line with `writeln!` or `write_all`, to the last of them, and flush a buffer")
            })
        }

        fn first_difference(&self, added: &str) -> String {
            let given = counted(self.lines.len(), "line");
            let came: Vec<&str> = added.split_terminator('\n').collect();
            let both = std::iter::zip(&self.lines, &came);
            match both.enumerate().find(|(_, (line, came))| line != came) {
                Some((index, (line, came))) => format!(
                    "of {given}, number {} was {line:?}, and {came:?} came",
                    index + 1
                ),
                None => format!("of {given}, {} came", came.len()),
            }
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
            let logged = refused(&folder.0, &["no file"], "the path leads to a folder")?;
            let done = logged.jobs > 0 && logged.under_way == 0;
            ensure(done || logged.outcome.is_err(), || {
                returned_before_written("nobody learnt that it failed".to_owned())
            })?;
            ensure(logged.outcome.is_err(), || {
                Fault::new("error_swallowed")
                    .happened("the path led to a folder, and the function returned `Ok`")
                    .expected("what the system refuses is the `Err` of the function")
                    .next(
                        "await the handle, which gives a `Result` of a `Result`, and look at both",
                    )
            })?;
            // A device that can be opened, and refuses every byte.
            if cfg!(target_os = "linux") {
                let full = Path::new("/dev/full");
                let how = "the disk is full (`/dev/full`)";
                // More than a buffer takes, so that writing fails before the last flush.
                let logged = refused(full, &["too much"; 10_000], how)?;
                ensure(logged.outcome.is_err() || logged.jobs > 1, || {
                    Fault::new("error_swallowed")
                        .happened("the disk was full (`/dev/full`), so that every write failed, and the function returned `Ok`")
                        .expected("what the system refuses is the `Err` of the function")
                        .next("pass on with `?` what each write returns, and the flush")
                })?;
                let logged = refused(full, &["too", "much"], how)?;
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

    /// Calls the answer where the system refuses something; to panic is no way to say so.
    fn refused(path: &Path, lines: &[&str], because: &str) -> Result<Logged, Fault> {
        let fault = || {
            Fault::new("error_becomes_panic")
                .expected("it returns the system's error: a full disk or a wrong path is no fault of the program's")
                .next("use `?` inside the closure, and pass on what the handle gives")
        };
        let logged = log_once(path, lines).map_err(|message| {
            let panicked = || format!("where {because}, the function panicked: {message}");
            known_panic(&message).unwrap_or_else(|| fault().happened(panicked()))
        })?;
        match &logged.outcome {
            // The words of a `JoinError`.
            Err(error) if error.to_string().contains("panicked") => Err(fault().happened(format!(
                "where {because}, the job panicked, and the function returned `{error}`: what the system said is lost"
            ))),
            _ => Ok(logged),
        }
    }
}
