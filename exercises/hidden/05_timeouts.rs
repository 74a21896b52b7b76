//! The hidden tests of chapter 05. They run on the paused clock, so that every time in them is exact.
//!
//! What is handed to the functions is watched by a drop counter: when it was made, first polled, finished
//! or dropped, and on which thread. In no scenario do two things happen at the same instant.
//!
//! Each module begins with its `basics`, which every test of the module goes through first: what is wrong
//! with these explains whatever else goes wrong.

use std::{
    panic::resume_unwind,
    thread::{self, ThreadId},
};

use async_workbook::{
    clock::Readable,
    probes::drops::{Drops, Life, Outcome},
    services::upstream::Route,
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine},
};
use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use futures::{
    FutureExt as _,
    future::{BoxFuture, LocalBoxFuture},
};
use tokio::{
    runtime::Handle,
    time::{Instant, sleep, timeout},
};
use tower::ServiceExt as _;

use super::*;

/// What a test finds.
type Checked = Result<(), Fault>;

const HOUR: u64 = 3_600_000;

/// The code under study, behind a `dyn`: it is compiled anew at every save, and what calls it need not be.
mod boxed {
    use super::*;

    pub(super) fn within<T: Send + 'static>(
        limit: Duration,
        work: impl Future<Output = T> + Send + 'static,
    ) -> LocalBoxFuture<'static, Result<T, GatewayTimeout>> {
        Box::pin(super::super::within(limit, work.boxed()))
    }

    pub(super) fn retry<F>(
        attempts: NonZeroU32,
        base: Duration,
        total: Duration,
        call: impl Fn() -> F + Send + Sync + 'static,
    ) -> LocalBoxFuture<'static, Result<Page, RetryError>>
    where
        F: Future<Output = Result<Page, UpstreamError>> + Send + 'static,
    {
        let call: Call<_> = Box::new(move || call().boxed());
        Box::pin(super::super::retry(attempts, base, total, call))
    }

    pub(super) fn hedge<F>(
        after: Duration,
        call: impl Fn() -> F + Send + Sync + 'static,
    ) -> LocalBoxFuture<'static, Page>
    where
        F: Future<Output = Page> + Send + 'static,
    {
        let call: Call<_> = Box::new(move || call().boxed());
        Box::pin(super::super::hedge(after, call))
    }

    type Call<T> = Box<dyn Fn() -> BoxFuture<'static, T> + Send + Sync>;
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Milliseconds as they are shown: `0.5 s`.
fn shown(millis: u64) -> Readable {
    Readable(ms(millis))
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// A future under watch, in milliseconds since the function was called.
#[derive(Debug)]
struct Watched {
    made: u64,
    polled: Option<u64>,
    ended: Option<u64>,
    outcome: Option<Outcome>,
    elsewhere: bool,
}

impl Watched {
    fn since(start: Instant, home: ThreadId, life: &Life) -> Self {
        Self {
            made: millis(start, life.made),
            polled: life.polled.map(|instant| millis(start, instant)),
            ended: life.ended.map(|instant| millis(start, instant)),
            outcome: life.outcome,
            elsewhere: life.thread.is_some_and(|thread| thread != home),
        }
    }

    /// How its story ends: `was dropped at 0.5 s`.
    fn end(&self) -> String {
        let Some(ended) = self.ended else {
            return "is still alive".into();
        };
        let how = match self.outcome {
            Some(Outcome::Finished) => "went on, and finished",
            Some(Outcome::Panicked) => "panicked",
            _ => "was dropped",
        };
        format!("{how} at {}", shown(ended))
    }

    fn was_dropped_at(&self, instant: u64) -> bool {
        self.outcome == Some(Outcome::Dropped) && self.ended == Some(instant)
    }
}

fn millis(start: Instant, instant: Instant) -> u64 {
    let since = instant.saturating_duration_since(start);
    u64::try_from(since.as_millis()).expect("no scenario is that long")
}

/// Begins a scenario, before anything in it is made: the timeline shows the last one.
fn scenario(recorder: &Recorder) -> Drops {
    recorder.restart();
    Drops::new()
}

/// What came of calling a function under test.
struct Seen<T> {
    result: T,
    took: u64,
    watched: Vec<Watched>,
    /// How many tasks are alive long after it has returned.
    tasks: usize,
}

impl<T> Seen<T> {
    fn no_task_is_left(&self) -> Checked {
        ensure(self.tasks == 0, || {
            goes_on(format!(
                "the function returned at {}, and {} that it had spawned lived on",
                shown(self.took),
                counted(self.tasks, "task")
            ))
        })
    }
}

/// Awaits a function under test, and then gives whatever it left behind the time to show itself.
async fn observe<T>(drops: &Drops, function: impl Future<Output = T>) -> Seen<T> {
    let start = Instant::now();
    let result = function.await;
    let took = millis(start, Instant::now());
    sleep(ms(30_000)).await;
    let home = thread::current().id();
    let lives = drops.lives();
    Seen {
        result,
        took,
        watched: lives
            .iter()
            .map(|life| Watched::since(start, home, life))
            .collect(),
        tasks: Handle::current().metrics().num_alive_tasks(),
    }
}

/// Two calls, the second while the first is under way. What goes wrong here goes right where each is alone.
async fn at_once(
    first: impl Future<Output = Checked>,
    second: impl Future<Output = Checked>,
) -> Checked {
    let later = async {
        sleep(ms(50)).await;
        second.await
    };
    let (first, second) = tokio::join!(first, later);
    first.and(second).map_err(|fault| {
        Fault::new("shared_between_calls")
            .happened(format!(
                "alone the function is right, and not while another call of it is under way: {}",
                fault.happened
            ))
            .expected(fault.expected)
            .next("keep what a call needs in its own variables: all calls have the same `static`")
    })
}

/// Waits, unless it was taken to another thread: there, the paused clock would wait for it in turn.
async fn wait(home: ThreadId, millis: u64) {
    if millis > 0 && thread::current().id() == home {
        sleep(ms(millis)).await;
    }
}

fn ran_elsewhere(what: &str) -> Fault {
    Fault::new("timeout_stops_spawn_blocking")
        .happened(format!("{what} was polled on another thread, where nothing can drop it half way"))
        .expected("it is polled by the runtime that awaits the function, and can be dropped at any `.await`")
        .next("await the future itself: a timer beside it needs no thread")
}

fn goes_on(happened: String) -> Fault {
    Fault::new("loser_goes_on")
        .happened(happened)
        .expected("what is given up is dropped at that instant, and nothing is left behind")
        .next("a task goes on when its handle is dropped: await the future itself, or keep the task in a `JoinSet` or an `AbortOnDropHandle`")
}

fn panic_lost(happened: String) -> Fault {
    Fault::new("panic_taken_for_timeout")
        .happened(happened)
        .expected("a panic goes on to the caller, at once")
        .next("tell the two errors apart: the time is up, or a task panicked; the latter goes on with `resume_unwind(error.into_panic())`")
}

/// The caller drops the function's future at one instant; all that was under watch must be gone then.
async fn dropped_at(drops: &Drops, instant: u64, function: impl Future) -> Checked {
    let seen = observe(drops, timeout(ms(instant), function)).await;
    ensure(
        seen.watched.iter().all(|watched| watched.made <= instant),
        || {
            goes_on(format!(
                "the function's own future was dropped at {}, and a further call was made afterwards",
                shown(instant)
            ))
        },
    )?;
    let left = seen
        .watched
        .iter()
        .find(|watched| watched.ended.is_none_or(|ended| ended > instant));
    match left {
        None => Ok(()),
        Some(left) => Err(goes_on(format!(
            "the function's own future was dropped at {}, and what it waited for {}",
            shown(instant),
            left.end()
        ))),
    }
}

mod within {
    use super::*;

    /// Work that waits for each of these times in turn, and what came of it.
    struct Trial {
        limit: u64,
        length: u64,
        text: String,
        seen: Seen<Result<String, GatewayTimeout>>,
    }

    async fn run(drops: &Drops, limit: u64, steps: &[u64]) -> Trial {
        let length = steps.iter().sum();
        let text = format!("the output after {}", shown(length));
        let work = drops.watch("work", {
            let (home, steps, text) = (thread::current().id(), steps.to_vec(), text.clone());
            async move {
                for step in steps {
                    wait(home, step).await;
                }
                text
            }
        });
        let seen = observe(drops, boxed::within(ms(limit), work)).await;
        Trial {
            limit,
            length,
            text,
            seen,
        }
    }

    async fn basics(recorder: &Recorder) -> Checked {
        judge(&run(&scenario(recorder), 1000, &[300]).await)?;
        judge(&run(&scenario(recorder), 1000, &[20_000]).await)
    }

    fn judge(trial: &Trial) -> Checked {
        let work = &trial.seen.watched[0];
        ensure(!work.elsewhere, || ran_elsewhere("the work"))?;
        let (limit, took) = (trial.limit, trial.seen.took);
        ensure(took >= limit.min(trial.length), || too_early(limit, took))?;
        ensure(work.polled == Some(0), || {
            Fault::new("sleep_as_timeout")
                .happened(match work.polled {
                    Some(polled) => format!("the work was first polled after {}", shown(polled)),
                    None => "the work was never polled".into(),
                })
                .expected("the work begins at once, and waits at the same time as the timer")
                .next("await the work and the timer together, with `timeout` or `select!`")
        })?;
        if trial.length < limit {
            in_time(trial)?;
        } else {
            too_late(trial, work, took)?;
        }
        trial.seen.no_task_is_left()
    }

    /// The work ends before the limit.
    fn in_time(trial: &Trial) -> Checked {
        let (limit, length, took) = (trial.limit, trial.length, trial.seen.took);
        let output = format!(
            "the output is returned after {}, as soon as it is there",
            shown(length)
        );
        ensure(took != limit, || {
            Fault::new("join_instead_of_select")
                .happened(format!(
                    "the work was done after {}, and the function returned only at the limit of {}",
                    shown(length),
                    shown(limit)
                ))
                .expected(output.clone())
                .next("`join!` waits for both; `select!` and `timeout` for whichever comes first")
        })?;
        ensure(took == length, || {
            Fault::new("needless_wait")
                .happened(format!(
                    "the work was done after {}, and the function returned after {}",
                    shown(length),
                    shown(took)
                ))
                .expected(output.clone())
                .next("look for an await that comes after the work")
        })?;
        ensure(trial.seen.result.as_ref() == Ok(&trial.text), || {
            Fault::new("gave_up_too_early")
                .happened(format!(
                    "the work was done after {}, within the limit of {}, and the function returned an error",
                    shown(length),
                    shown(limit)
                ))
                .expected(output)
                .next("return `Ok` with the output where the work came first")
        })
    }

    /// The work would go on beyond the limit.
    fn too_late(trial: &Trial, work: &Watched, took: u64) -> Checked {
        let (limit, length) = (trial.limit, trial.length);
        let expected = format!(
            "the error is returned at {}, and the work is dropped",
            shown(limit)
        );
        ensure(took != length, || {
            Fault::new("timeout_fires_unpolled")
                .happened(format!(
                    "the work was awaited to its end at {}, and nothing was polled beside it that could have ended the wait at {}",
                    shown(length),
                    shown(limit)
                ))
                .expected(expected.clone())
                .next("a timer does nothing by itself: it has to be polled while the work waits, with `timeout` or `select!`")
        })?;
        ensure(took == limit, || {
            Fault::new("wrong_limit")
                .happened(format!(
                    "with a limit of {}, the function returned after {}",
                    shown(limit),
                    shown(took)
                ))
                .expected(expected.clone())
                .next("give the timer the limit as it is, and let it begin with the work")
        })?;
        ensure(work.was_dropped_at(limit), || {
            goes_on(format!(
                "the function gave up at {}, and the work {}",
                shown(limit),
                work.end()
            ))
        })
    }

    fn too_early(limit: u64, took: u64) -> Fault {
        let fault = if took == 0 {
            Fault::new("gave_up_too_early").next("look at when your timer fires first: the first tick of an `interval` comes at once, and `as_secs` cuts off what is less than a second")
        } else {
            Fault::new("wrong_limit").next("give the timer the limit as it is")
        };
        fault
            .happened(format!(
                "with a limit of {}, the function returned after {}, when neither the work nor its time had ended",
                shown(limit),
                shown(took)
            ))
            .expected("the work has the whole of its time")
    }

    #[test]
    fn work_that_ends_in_time_gives_its_output() {
        examine(async |recorder: &Recorder| {
            basics(recorder).await?;
            for (limit, steps) in [
                (100, [0].as_slice()),
                (5000, &[4999]),
                (700, &[100, 200, 300]),
                (2 * HOUR, &[HOUR]),
            ] {
                judge(&run(&scenario(recorder), limit, steps).await)?;
            }
            Ok(())
        });
    }

    #[test]
    fn work_that_takes_too_long_is_dropped_at_the_limit() {
        examine(async |recorder: &Recorder| {
            basics(recorder).await?;
            for (limit, length) in [
                (250, 3000),
                (250, 251),
                (5000, HOUR),
                (1, 3),
                (2 * HOUR, 3 * HOUR),
            ] {
                judge(&run(&scenario(recorder), limit, &[length]).await)?;
            }
            Ok(())
        });
    }

    /// A limit on each wait is none on the whole: a service that sends a byte now and then keeps it away.
    #[test]
    fn progress_does_not_put_off_the_limit() {
        examine(async |recorder: &Recorder| {
            basics(recorder).await?;
            let trial = run(&scenario(recorder), 1000, &[400; 8]).await;
            ensure(trial.seen.took <= trial.limit, || {
                Fault::new("timer_restarted")
                    .happened(format!(
                        "the work woke up every {}, and a limit of {} let it go on for {}",
                        shown(400),
                        shown(trial.limit),
                        shown(trial.seen.took)
                    ))
                    .expected("the limit is for the whole of the work, whatever happens in between")
                    .next("make one timer, before the work is first polled, and keep it")
            })?;
            judge(&trial)
        });
    }

    #[test]
    fn calls_at_once_share_nothing() {
        examine(async |recorder: &Recorder| {
            basics(recorder).await?;
            recorder.restart();
            let call = async |length| judge(&run(&Drops::new(), 1000, &[length]).await);
            at_once(call(900), call(100)).await
        });
    }

    #[test]
    fn work_is_dropped_with_the_function() {
        examine(async |recorder: &Recorder| {
            basics(recorder).await?;
            let drops = scenario(recorder);
            let work = drops.watch("work", sleep(ms(2000)));
            dropped_at(&drops, 500, boxed::within(ms(1000), work)).await
        });
    }

    #[test]
    fn a_panic_goes_on_to_the_caller() {
        examine(async |recorder: &Recorder| {
            basics(recorder).await?;
            let drops = scenario(recorder);
            let work = drops.watch("work", async {
                sleep(ms(100)).await;
                // Unlike `panic!`, it prints nothing: it is asked for.
                resume_unwind(Box::new("the cable was cut"))
            });
            let function = boxed::within::<()>(ms(1000), work);
            let seen = observe(&drops, catch_panic(function)).await;
            ensure(seen.result.is_err() && seen.took == 100, || {
                panic_lost(format!(
                    "the work panicked at {}, and the function returned {} at {}",
                    shown(100),
                    match seen.result {
                        Ok(Err(GatewayTimeout)) => "`Err(GatewayTimeout)`",
                        _ => "its end",
                    },
                    shown(seen.took)
                ))
            })
        });
    }

    #[test]
    fn the_endpoint_answers_504_at_five_seconds() {
        examine(async |recorder: &Recorder| {
            basics(recorder).await?;
            judge(&run(&scenario(recorder), 5000, &[4990]).await)?;
            judge(&run(&scenario(recorder), 5000, &[HOUR]).await)?;
            for (latency, expected) in [
                (4990, StatusCode::OK),
                (60_000, StatusCode::GATEWAY_TIMEOUT),
            ] {
                let route = Route::new("data").latency(ms(latency)).body("42 rows");
                let upstream = Upstream::builder().route(route).build();
                let app = super::super::app(upstream.clone());
                recorder.restart();
                let start = Instant::now();
                let request = Request::get("/data-timeout").body(Body::empty());
                let request = request.expect("the request is whole");
                let response = app.oneshot(request).await.expect("a router never fails");
                let took = millis(start, Instant::now());
                // A task that is aborted is dropped when the runtime comes to it.
                sleep(ms(1)).await;
                let status = response.status();
                let bytes = to_bytes(response.into_body(), 1000).await;
                let body = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                let body = body.unwrap_or_default();
                let due = latency.min(5000);
                let right = (status, took) == (expected, due)
                    && (body == "42 rows") == (expected == StatusCode::OK);
                ensure(right, || {
                    Fault::new("endpoint_changed")
                        .happened(format!(
                            "the upstream takes {}, and the endpoint answered {status} at {}, with `{body}`",
                            shown(latency),
                            shown(took)
                        ))
                        .expected(format!("it answers {expected} at {}", shown(due)))
                        .next("leave `app`, `data` and `GatewayTimeout` as they were given: `within` alone decides")
                })?;
                ensure(upstream.in_flight() == 0, || {
                    goes_on(format!(
                        "the endpoint answered at {}, and its call of the upstream goes on",
                        shown(took)
                    ))
                })?;
            }
            Ok(())
        });
    }
}

mod retry {
    use super::*;

    type Answer = Result<Page, RetryError>;
    /// Its result is an error where the function panicked.
    type Tried = Seen<Result<Answer, String>>;

    /// How often, how long, and what the calls do: after how many milliseconds they end, and with which
    /// status. Calls beyond the last one named do as that one does.
    #[derive(Clone, Copy)]
    struct Plan {
        attempts: u32,
        base: u64,
        total: u64,
        calls: &'static [(u64, u16)],
    }

    /// Stands for an error without a status.
    const BROKEN: u16 = 0;

    const fn plan(attempts: u32, base: u64, total: u64, calls: &'static [(u64, u16)]) -> Plan {
        Plan {
            attempts,
            base,
            total,
            calls,
        }
    }

    /// Four calls that fail at once, and all the time there is.
    const CANON: Plan = plan(4, 100, HOUR, &[(0, 503)]);

    impl Plan {
        fn call(&self, number: u32) -> (u64, u16) {
            let index = (number as usize - 1).min(self.calls.len() - 1);
            self.calls[index]
        }

        /// What has to happen, played through.
        fn due(&self) -> Due {
            let mut due = Due {
                starts: Vec::new(),
                result: Err(RetryError::DeadlineExceeded(None)),
                at: 0,
                wait_cut: false,
            };
            let (mut now, mut wait, mut last) = (0, self.base, None);
            for number in 1..=self.attempts {
                due.starts.push(now);
                let (length, status) = self.call(number);
                assert_ne!(now + length, self.total, "two things at the same instant");
                if now + length > self.total {
                    due.at = self.total;
                    due.result = Err(RetryError::DeadlineExceeded(last));
                    return due;
                }
                now += length;
                due.at = now;
                match answer(number, status) {
                    Ok(page) => {
                        due.result = Ok(page);
                        return due;
                    }
                    Err(error) if number == self.attempts => {
                        due.result = Err(RetryError::Exhausted(error));
                        return due;
                    }
                    Err(error) => last = Some(error),
                }
                assert_ne!(now + wait, self.total, "two things at the same instant");
                if now + wait > self.total {
                    due.wait_cut = true;
                    due.at = self.total;
                    due.result = Err(RetryError::DeadlineExceeded(last));
                    return due;
                }
                now += wait;
                wait *= 2;
            }
            due
        }
    }

    struct Due {
        starts: Vec<u64>,
        result: Answer,
        at: u64,
        // The time is up in a wait, which may also be left out.
        wait_cut: bool,
    }

    /// What the call of this number ends with, which no other does.
    fn answer(number: u32, status: u16) -> Result<Page, UpstreamError> {
        let path = format!("attempt/{number}");
        match status {
            200 => Ok(Page {
                body: format!("the page of attempt {number}"),
                path,
            }),
            BROKEN => Err(UpstreamError::Transport {
                path,
                reason: "the connection broke".into(),
            }),
            status => Err(UpstreamError::Status { path, status }),
        }
    }

    /// Makes the calls of a plan, each under watch.
    fn calls(drops: &Drops, plan: Plan) -> impl Fn() -> CallFuture + Send + Sync + use<> {
        let (drops, home) = (drops.clone(), thread::current().id());
        move || {
            let number = u32::try_from(drops.made_count() + 1).expect("there are not that many");
            let label = format!("attempt {number}");
            let (length, status) = plan.call(number);
            Box::pin(drops.watch(&label, async move {
                // Whoever calls without end has an end here.
                if number > plan.attempts + 10 {
                    return answer(number, 200);
                }
                wait(home, length).await;
                answer(number, status)
            }))
        }
    }

    type CallFuture = BoxFuture<'static, Result<Page, UpstreamError>>;

    async fn run(drops: &Drops, plan: Plan) -> Tried {
        let attempts = NonZeroU32::new(plan.attempts).expect("there is an attempt");
        let call = calls(drops, plan);
        let function = boxed::retry(attempts, ms(plan.base), ms(plan.total), call);
        observe(drops, catch_panic(function)).await
    }

    fn listed(times: impl IntoIterator<Item = u64>) -> String {
        let times: Vec<_> = times.into_iter().map(|time| time.to_string()).collect();
        if times.len() > 12 {
            return format!(
                "at {}, … and {} more ms",
                times[..12].join(", "),
                times.len() - 12
            );
        }
        format!("at {} ms", times.join(", "))
    }

    async fn basics(recorder: &Recorder) -> Checked {
        let seen = run(&scenario(recorder), CANON).await;
        judge(CANON, &seen)
    }

    fn judge(plan: Plan, seen: &Tried) -> Checked {
        let due = plan.due();
        let watched = &seen.watched;
        ensure(watched.iter().all(|watched| !watched.elsewhere), || {
            ran_elsewhere("an attempt")
        })?;
        if let Err(message) = &seen.result {
            if !message.contains("overflow") {
                resume_unwind(Box::new(message.clone()));
            }
            return Err(Fault::new("backoff_overflows")
                .happened(format!(
                    "after {}, the function panicked: {message}",
                    counted(watched.len(), "call")
                ))
                .expected("however many attempts there are, the next wait can be computed")
                .next("double the wait after each failure, with `saturating_mul`, rather than raise 2 to the number of the attempt"));
        }
        let starts: Vec<u64> = watched
            .iter()
            .filter_map(|watched| watched.polled)
            .collect();
        let happened = || format!("the attempts began {}", listed(starts.iter().copied()));
        let expected = || format!("they begin {}", listed(due.starts.iter().copied()));

        past_the_deadline(plan, &due, seen, &starts)?;
        ensure(starts.len() != 1 || due.starts.len() == 1, || {
            if seen.took > due.starts[1] {
                Fault::new("same_call_awaited_again")
                    .happened("there was one call, and its one result was taken for that of every attempt")
                    .expected("each attempt is a call of its own: a future that has ended never begins again")
                    .next("call `call()` inside the loop, once for each attempt")
            } else {
                Fault::new("never_tries_again")
                    .happened(format!(
                        "the first attempt failed, and the function returned at {}",
                        shown(seen.took)
                    ))
                    .expected(expected())
                    .next("make the call in a loop that ends with the first success")
            }
        })?;
        ensure(
            watched
                .iter()
                .all(|watched| watched.polled == Some(watched.made)),
            || {
                Fault::new("calls_made_ahead")
                    .happened(format!(
                        "the calls were made {}, and polled {}",
                        listed(watched.iter().map(|watched| watched.made)),
                        listed(starts.iter().copied())
                    ))
                    .expected("each call is made when its attempt begins: what it does before its first `.await` may depend on it")
                    .next("call `call()` inside the loop, once for each attempt")
            },
        )?;
        waits(plan, &due, &starts, happened, expected)?;
        ensure(starts.len() >= due.starts.len(), || {
            too_few(plan, &due, seen, starts.len())
        })?;
        ensure(starts.len() == due.starts.len(), || {
            miscounted(plan, &due, starts.len())
                .next("the first call is an attempt too, and nothing follows a success")
        })?;
        let last = watched.last().and_then(|watched| watched.ended);
        ensure(due.wait_cut || seen.took == due.at, || {
            if last < Some(seen.took) && due.result.is_err() {
                Fault::new("sleeps_after_the_last")
                    .happened(format!(
                        "the last attempt failed at {}, and the function returned at {}",
                        shown(last.unwrap_or_default()),
                        shown(seen.took)
                    ))
                    .expected("it returns when the last attempt has failed: no attempt is left to wait for")
                    .next("wait only when another attempt follows")
            } else {
                Fault::new("needless_wait")
                    .happened(format!("the function returned at {}", shown(seen.took)))
                    .expected(format!("it returns at {}", shown(due.at)))
                    .next("look for an await that the result does not need")
            }
        })?;
        let result = seen.result.as_ref().ok();
        ensure(result == Some(&due.result), || {
            wrong_result(result, &due.result)
        })?;
        seen.no_task_is_left()
    }

    /// It stopped in the middle: because of the time, or of an error, or for no reason but its count.
    fn too_few(plan: Plan, due: &Due, seen: &Tried, made: usize) -> Fault {
        if let Ok(Err(RetryError::DeadlineExceeded(_))) = seen.result {
            return Fault::new("gave_up_too_early")
                .happened(format!(
                    "it gave up at {}, with a deadline at {}",
                    shown(seen.took),
                    shown(plan.total)
                ))
                .expected(format!(
                    "the next attempt begins at {}, when there is still time",
                    shown(due.starts[made])
                ))
                .next("only a wait that ends after the deadline may be left out: compare the wait that comes next");
        }
        let number = u32::try_from(made).expect("no plan has more attempts");
        let (_, status) = plan.call(number.max(1));
        if status == plan.call(1).1 {
            return miscounted(plan, due, made)
                .next("`1..attempts` leaves out the last of them, `1..=attempts` does not");
        }
        let error = answer(number, status).map_or_else(|error| error.to_string(), |page| page.body);
        Fault::new("never_tries_again")
            .happened(format!("after attempt {made} there was no other: {error}"))
            .expected("every error counts as one that may pass")
            .next("let nothing end the loop but a success, or the last attempt")
    }

    fn miscounted(plan: Plan, due: &Due, made: usize) -> Fault {
        let most = match due.result {
            Ok(_) => format!("attempt {} succeeded, and", due.starts.len()),
            Err(_) => format!("for at most {}", counted(plan.attempts as usize, "attempt")),
        };
        Fault::new("attempts_miscounted")
            .happened(format!("{most} there were {}", counted(made, "call")))
            .expected(counted(due.starts.len(), "call"))
    }

    /// The distances between the attempts.
    fn waits(
        plan: Plan,
        due: &Due,
        starts: &[u64],
        happened: impl Fn() -> String,
        expected: impl Fn() -> String,
    ) -> Checked {
        let common = starts.len().min(due.starts.len());
        // One more, when the next wait would outlast the deadline.
        let too_short = due.wait_cut && starts.len() > common;
        if starts[..common] == due.starts[..common] && !too_short {
            return Ok(());
        }
        let fault = |misconception: &str, next: &str| {
            Err(Fault::new(misconception)
                .happened(happened())
                .expected(expected())
                .next(next))
        };
        // Without what the calls themselves took.
        let lengths: Vec<u64> = (1..)
            .take(common)
            .map(|number| plan.call(number).0)
            .collect();
        let gaps: Vec<u64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let pure: Vec<Option<u64>> = std::iter::zip(&gaps, &lengths)
            .map(|(gap, length)| gap.checked_sub(*length))
            .collect();
        if starts[0] > 0 {
            return fault(
                "sleeps_before_the_first",
                "the first call is made at once; wait between a failure and the next call",
            );
        }
        if pure.iter().all(|wait| *wait == Some(0)) && plan.base > 0 {
            return fault(
                "retry_without_backoff",
                "await `tokio::time::sleep` between a failure and the next call; `std::thread::sleep` only holds up the thread",
            );
        }
        let doubling = |gaps: &[u64]| {
            std::iter::zip(
                gaps,
                std::iter::successors(Some(plan.base), |wait| Some(wait * 2)),
            )
            .all(|(gap, wait)| *gap == wait)
        };
        if doubling(&gaps) && lengths.iter().any(|length| *length > 0) {
            return fault(
                "wait_begins_with_the_attempt",
                "begin the wait when the attempt has failed",
            );
        }
        if pure.first().copied().flatten() != Some(plan.base) {
            return fault(
                "first_wait_not_base",
                "the wait after the first failure is `base`; double it afterwards",
            );
        }
        fault("backoff_not_doubled", "double the wait after each failure")
    }

    /// Whatever ends too late, or too early, with regard to the total.
    fn past_the_deadline(plan: Plan, due: &Due, seen: &Tried, starts: &[u64]) -> Checked {
        let (total, watched) = (plan.total, &seen.watched);
        let expected = format!(
            "everything ends at {}, whatever is under way: an attempt, or a wait",
            shown(total)
        );
        let left = watched
            .iter()
            .find(|watched| watched.ended.is_none_or(|ended| ended > seen.took));
        if let Some(left) = left
            && seen.took <= total
        {
            return Err(goes_on(format!(
                "the function returned at {}, and an attempt {}",
                shown(seen.took),
                left.end()
            )));
        }
        let cut = |watched: &&Watched| watched.outcome == Some(Outcome::Dropped);
        let own_limit = watched.iter().find(|watched| {
            cut(watched) && watched.ended != Some(total) && watched.ended <= Some(seen.took)
        });
        let late = starts.iter().find(|start| **start >= total);
        ensure(own_limit.is_none(), || {
            let length = own_limit.map_or(0, |watched| {
                watched.ended.unwrap_or(0) - watched.polled.unwrap_or(0)
            });
            if late.is_some() || seen.took > total {
                Fault::new("timeout_per_attempt")
                    .happened(format!(
                        "an attempt was given {} for itself: in spite of a total of {}, the function returned after {}",
                        shown(length),
                        shown(total),
                        shown(seen.took)
                    ))
                    .expected(expected.clone())
                    .next("put one `timeout` around the whole loop, or await everything with the same `timeout_at`")
            } else {
                Fault::new("attempt_cut_short")
                    .happened(format!(
                        "an attempt was dropped after {}, when there was time left",
                        shown(length)
                    ))
                    .expected("only the total ends an attempt: nobody asked for a limit on each")
                    .next("put the timeout around the loop, not around the call")
            }
        })?;
        ensure(late.is_none(), || {
            Fault::new("deadline_ignored")
                .happened(format!(
                    "an attempt began at {}, with a deadline at {}",
                    shown(*late.unwrap_or(&0)),
                    shown(total)
                ))
                .expected(expected.clone())
                .next("put one `timeout` around the whole loop")
        })?;
        ensure(seen.took <= total, || {
            let running = watched.last().is_some_and(|last| last.ended > Some(total));
            if running {
                Fault::new("deadline_checked_between_attempts")
                    .happened(format!(
                        "an attempt that was under way at {} was awaited to its end, until {}",
                        shown(total),
                        shown(seen.took)
                    ))
                    .expected(expected.clone())
                    .next("to look at the clock now and then ends no wait: put one `timeout` around the whole loop")
            } else {
                Fault::new("backoff_outlasts_the_deadline")
                    .happened(format!(
                        "a wait that was under way at {} went on until {}",
                        shown(total),
                        shown(seen.took)
                    ))
                    .expected(expected.clone())
                    .next("the waits count as well: put the `timeout` around the loop, not around the call")
            }
        })?;
        let polled = starts.len();
        ensure(watched.len() == polled || polled < due.starts.len(), || {
            Fault::new("calls_made_ahead")
                .happened(format!(
                    "{} were made, and {polled} of them polled",
                    counted(watched.len(), "call")
                ))
                .expected("a call is made when its attempt begins, and only then")
                .next("call `call()` inside the loop, once for each attempt")
        })
    }

    fn wrong_result(result: Option<&Answer>, due: &Answer) -> Fault {
        let show = |answer: &Answer| match answer {
            Ok(page) => format!("`Ok` with {}", page.body),
            Err(RetryError::Exhausted(error)) => format!("`Exhausted({error})`"),
            Err(RetryError::DeadlineExceeded(None)) => "`DeadlineExceeded(None)`".into(),
            Err(RetryError::DeadlineExceeded(Some(error))) => {
                format!("`DeadlineExceeded(Some({error}))`")
            }
        };
        let kind = |answer: &Answer| answer.as_ref().map(|_| ()).map_err(std::mem::discriminant);
        let same_kind = result.map(kind) == Some(kind(due));
        let fault = if same_kind {
            Fault::new("last_error_lost").next(
                "keep the error of each attempt that fails, outside of what the timeout drops",
            )
        } else {
            Fault::new("errors_mixed_up").next("`Exhausted` when all attempts have failed, `DeadlineExceeded` when the time was up before")
        };
        fault
            .happened(format!(
                "it returned {}",
                result.map_or(String::new(), show)
            ))
            .expected(show(due))
    }

    async fn judge_all(recorder: &Recorder, plans: &[Plan]) -> Checked {
        basics(recorder).await?;
        for &plan in plans {
            let seen = run(&scenario(recorder), plan).await;
            judge(plan, &seen)?;
        }
        Ok(())
    }

    #[test]
    fn each_wait_is_twice_as_long() {
        examine(async |recorder: &Recorder| {
            judge_all(
                recorder,
                &[
                    plan(6, 40, HOUR, &[(0, 503)]),
                    plan(1, 100, HOUR, &[(0, 503)]),
                    plan(2, 700, HOUR, &[(0, 503)]),
                    // The wait begins when the attempt has failed.
                    plan(4, 100, HOUR, &[(50, 503)]),
                    plan(4, 100, HOUR, &[(30, 503), (300, 500), (1, 404), (20, 503)]),
                ],
            )
            .await
        });
    }

    #[test]
    fn a_success_ends_it() {
        examine(async |recorder: &Recorder| {
            judge_all(
                recorder,
                &[
                    plan(4, 100, HOUR, &[(80, 200)]),
                    plan(4, 100, HOUR, &[(0, 503), (20, 200)]),
                    plan(4, 100, HOUR, &[(10, 503), (10, 500), (10, 503), (10, 200)]),
                    plan(1, 100, HOUR, &[(10, 200)]),
                ],
            )
            .await
        });
    }

    #[test]
    fn the_last_error_is_kept() {
        examine(async |recorder: &Recorder| {
            judge_all(
                recorder,
                &[
                    plan(4, 100, HOUR, &[(0, 503), (0, 500), (0, 404), (0, 429)]),
                    plan(4, 100, HOUR, &[(0, 503), (0, BROKEN)]),
                    plan(3, 100, HOUR, &[(5, 500), (5, 503)]),
                    plan(1, 100, HOUR, &[(5, 418)]),
                ],
            )
            .await
        });
    }

    /// An attempt is under way when the time is up. The test of the waits goes through these first.
    const LATE: [Plan; 5] = [
        plan(4, 100, 1000, &[(20_000, 503)]),
        SECOND_HANGS,
        plan(4, 100, 2500, &[(2000, 503), (2000, 200)]),
        // It is the last of all.
        plan(2, 100, 1000, &[(50, 503), (20_000, 503)]),
        plan(1, 100, 1000, &[(20_000, 200)]),
    ];
    const SECOND_HANGS: Plan = plan(4, 100, 1000, &[(50, 503), (20_000, 503)]);

    #[test]
    fn the_deadline_ends_a_running_attempt() {
        examine(async |recorder: &Recorder| judge_all(recorder, &LATE).await);
    }

    #[test]
    fn the_deadline_ends_a_wait() {
        examine(async |recorder: &Recorder| {
            judge_all(recorder, &LATE).await?;
            judge_all(
                recorder,
                &[
                    plan(10, 400, 1010, &[(0, 503)]),
                    plan(4, 5000, 300, &[(20, 500)]),
                    plan(100, 1000, 5 * HOUR, &[(0, 503)]),
                ],
            )
            .await
        });
    }

    #[test]
    fn an_attempt_may_use_all_of_the_time() {
        examine(async |recorder: &Recorder| {
            judge_all(
                recorder,
                &[
                    plan(4, 100, 1000, &[(950, 200)]),
                    plan(4, 100, 1000, &[(10, 503), (850, 200)]),
                    plan(4, 100, 3 * HOUR, &[(HOUR, 503), (HOUR, 200)]),
                ],
            )
            .await
        });
    }

    #[test]
    fn many_attempts_need_no_wait() {
        examine(async |recorder: &Recorder| {
            judge_all(recorder, &[plan(300, 0, HOUR, &[(0, 503)])]).await
        });
    }

    #[test]
    fn calls_at_once_share_nothing() {
        examine(async |recorder: &Recorder| {
            judge_all(recorder, &[SECOND_HANGS]).await?;
            recorder.restart();
            let call = async || judge(SECOND_HANGS, &run(&Drops::new(), SECOND_HANGS).await);
            at_once(call(), call()).await
        });
    }

    #[test]
    fn attempts_end_with_the_function() {
        examine(async |recorder: &Recorder| {
            basics(recorder).await?;
            let plan = plan(4, 100, HOUR, &[(50, 503), (200, 503)]);
            // Attempts run from 0 to 50 and from 150 to 350 ms.
            for instant in [20, 100, 250, 450] {
                let drops = scenario(recorder);
                let attempts = NonZeroU32::new(plan.attempts).expect("there is an attempt");
                let call = calls(&drops, plan);
                let function = boxed::retry(attempts, ms(plan.base), ms(plan.total), call);
                dropped_at(&drops, instant, function).await?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_panic_goes_on_to_the_caller() {
        examine(async |recorder: &Recorder| {
            basics(recorder).await?;
            let drops = scenario(recorder);
            let call = {
                let drops = drops.clone();
                move || {
                    drops.watch("attempt", async {
                        sleep(ms(30)).await;
                        resume_unwind(Box::new("the cable was cut"))
                    })
                }
            };
            let attempts = NonZeroU32::new(3).expect("there is an attempt");
            let function = boxed::retry(attempts, ms(100), ms(1000), call);
            let seen = observe(&drops, catch_panic(function)).await;
            ensure(
                seen.result.is_err() && seen.took == 30 && seen.watched.len() == 1,
                || {
                    panic_lost(format!(
                        "the first attempt panicked at {}, and the function ended at {}, after {}",
                        shown(30),
                        shown(seen.took),
                        counted(seen.watched.len(), "call")
                    ))
                },
            )
        });
    }
}

mod hedge {
    use super::*;

    /// When the second call is due, and how long both take, in milliseconds.
    #[derive(Clone, Copy)]
    struct Race {
        after: u64,
        first: u64,
        second: u64,
    }

    const fn race(after: u64, first: u64, second: u64) -> Race {
        Race {
            after,
            first,
            second,
        }
    }

    /// Makes the calls of a race, each under watch. A third one never ends.
    fn calls(
        drops: &Drops,
        race: Race,
    ) -> impl Fn() -> BoxFuture<'static, Page> + Send + Sync + use<> {
        let (drops, home) = (drops.clone(), thread::current().id());
        move || {
            let number = drops.made_count() + 1;
            let length = match number {
                1 => race.first,
                2 => race.second,
                _ => HOUR,
            };
            Box::pin(drops.watch(&format!("call {number}"), async move {
                wait(home, length).await;
                page(race, number)
            }))
        }
    }

    fn page(race: Race, number: usize) -> Page {
        Page {
            path: format!("call/{number}"),
            body: format!(
                "the answer of call {number}, hedged after {}",
                shown(race.after)
            ),
        }
    }

    async fn judge(drops: &Drops, race: Race) -> Checked {
        let function = boxed::hedge(ms(race.after), calls(drops, race));
        let seen = observe(drops, function).await;
        let calls = &seen.watched;
        ensure(calls.iter().all(|call| !call.elsewhere), || {
            ran_elsewhere("a call")
        })?;
        let Some(first) = calls.first() else {
            return Err(Fault::new("another_page")
                .happened("a page was returned, and no call was made")
                .expected("the page of the call that came first")
                .next("begin with `call()`"));
        };
        // A second call that has its answer at that instant ends the first one rightly.
        let answered = calls.get(1).is_some_and(|second| {
            second.outcome == Some(Outcome::Finished) && second.ended <= Some(race.after)
        });
        ensure(!first.was_dropped_at(race.after) || answered, || {
            Fault::new("first_call_given_up")
                    .happened(format!("the first call was dropped at {}", shown(race.after)))
                    .expected("it goes on beside the second one: it has waited longest, and may be done first")
                    .next("pin the first call, and hand `&mut first` to the timeout: what the timeout then drops is only the reference")
        })?;
        ensure(calls.len() <= 2, || {
            Fault::new("calls_too_many")
                .happened(format!("there were {}", counted(calls.len(), "call")))
                .expected("at most two: more load does not help a service that is slow already")
                .next("make a second call once, outside of any loop")
        })?;
        ensure(first.polled == Some(0), || {
            Fault::new("sleep_as_timeout")
                .happened(match first.polled {
                    Some(polled) => {
                        format!("the first call was polled only after {}", shown(polled))
                    }
                    None => "the first call was never polled".into(),
                })
                .expected("the first call begins at once")
                .next("await the first call and the timer together")
        })?;
        if race.first < race.after {
            not_needed(race, &seen, first)?;
        } else {
            needed(race, &seen, first)?;
        }
        seen.no_task_is_left()
    }

    /// The first call has its answer before a second one is due.
    fn not_needed(race: Race, seen: &Seen<Page>, first: &Watched) -> Checked {
        let Race {
            after,
            first: length,
            ..
        } = race;
        let expected = format!(
            "the first answer comes at {}, before a second call is due",
            shown(length)
        );
        if let Some(second) = seen.watched.get(1) {
            if second.polled == Some(0) {
                return Err(hedges_always());
            }
            ensure(
                second
                    .polled
                    .is_none_or(|_| second.ended != Some(seen.took)),
                || {
                    Fault::new("join_instead_of_select")
                        .happened(format!(
                            "the answer was there at {}, and the function waited for a second one, until {}",
                            shown(length),
                            shown(seen.took)
                        ))
                        .expected(expected.clone())
                        .next("`select!` ends with the first of them, `join!` with the last")
                },
            )?;
            ensure(
                second.polled.is_some_and(|polled| polled > seen.took),
                || {
                    let misconception = match second.polled {
                        None => "calls_made_ahead",
                        Some(_) => "second_call_not_on_time",
                    };
                    Fault::new(misconception)
                        .happened(format!(
                            "the answer was there at {}, and a second call was made at {}",
                            shown(length),
                            shown(second.made)
                        ))
                        .expected(expected.clone())
                        .next("call `call()` for the second time only when `after` has passed without an answer")
                },
            )?;
            return Err(goes_on(format!(
                "the answer was there at {}, and something left behind made a second call at {}",
                shown(length),
                shown(second.made)
            )));
        }
        ensure(seen.took != after, || {
            Fault::new("join_instead_of_select")
                .happened(format!(
                    "the answer was there at {}, and was returned at {}",
                    shown(length),
                    shown(after)
                ))
                .expected(expected.clone())
                .next("wait for the call or the timer, whichever comes first")
        })?;
        ensure(
            seen.took == length && first.outcome == Some(Outcome::Finished),
            || {
                Fault::new("needless_wait")
                    .happened(format!(
                        "the first call {}, and the function returned at {}",
                        first.end(),
                        shown(seen.took)
                    ))
                    .expected(expected)
                    .next("look for an await that the answer does not need")
            },
        )?;
        right_page(race, seen, 1)
    }

    fn hedges_always() -> Fault {
        Fault::new("hedges_always")
            .happened("both calls were made at the start")
            .expected("the second call is made when the first has no answer after `after`: so few calls are made twice")
            .next("await the first call alone, with a timeout that leaves it alive: `timeout(after, &mut first)`")
    }

    /// The second call is due before the first has its answer.
    fn needed(race: Race, seen: &Seen<Page>, first: &Watched) -> Checked {
        let Race {
            after,
            first: first_at,
            second: length,
        } = race;
        let second_at = after + length;
        let (winner, due) = if first_at < second_at {
            (1, first_at)
        } else {
            (2, second_at)
        };
        let took = seen.took;
        let Some(second) = seen.watched.get(1) else {
            return Err(Fault::new("never_hedged")
                .happened(format!(
                    "there was one call, with its answer at {}",
                    shown(took)
                ))
                .expected(format!("a second call is made at {}", shown(after)))
                .next("when `after` passes without an answer, call again"));
        };
        ensure(second.polled != Some(0), hedges_always)?;
        ensure(
            second.made == after || second.polled.is_none() || second.polled == Some(second.made),
            || {
                Fault::new("calls_made_ahead")
                    .happened(format!(
                        "the second call was made at {}, and polled at {}",
                        shown(second.made),
                        shown(second.polled.unwrap_or_default())
                    ))
                    .expected("a call is made when it is due: what it does before its first `.await` may depend on it")
                    .next("call `call()` for the second time when `after` has passed")
            },
        )?;
        ensure(second.made != after || second.polled == Some(after), || {
            Fault::new("one_call_forgotten")
                .happened(match second.polled {
                    Some(polled) => format!(
                        "the second call was made at {}, and first polled at {}",
                        shown(after),
                        shown(polled)
                    ),
                    None => format!(
                        "the second call was made at {}, and never polled",
                        shown(after)
                    ),
                })
                .expected("from then on, both calls are awaited")
                .next("await both, and take what comes first: `select!` over `&mut first` and the second call")
        })?;
        ensure(second.polled == Some(after), || {
            Fault::new("second_call_not_on_time")
                .happened(format!(
                    "the second call was made at {}",
                    shown(second.made)
                ))
                .expected(format!(
                    "it is made at {}, while the first goes on",
                    shown(after)
                ))
                .next("a timer of `after` that begins with the first call says when")
        })?;
        let expected = format!(
            "the answer of call {winner} is returned at {}, when it is there",
            shown(due)
        );
        // Where it took less time than `after`, its answer was taken.
        let ignored = winner == 2 && length > after && took > due;
        let given_up =
            second.outcome == Some(Outcome::Dropped) && second.ended < Some(due.min(took));
        ensure(!ignored && !given_up, || {
            Fault::new("second_call_given_up")
                .happened(format!(
                    "the second call, which takes {}, was given up after {}",
                    shown(length),
                    shown(after)
                ))
                .expected(expected.clone())
                .next("`after` says when the second call is made, and not how long a call may take: neither has a limit")
        })?;
        ensure(took <= due, || {
            let waits = took == first_at.max(second_at);
            let both = first.outcome == Some(Outcome::Finished)
                && second.outcome == Some(Outcome::Finished);
            if waits && both && first.ended <= Some(took) && second.ended <= Some(took) {
                Fault::new("join_instead_of_select")
                    .happened(format!(
                        "the faster answer was there at {}, and the function waited for both, until {}",
                        shown(due),
                        shown(took)
                    ))
                    .expected(expected.clone())
                    .next("`select!` ends with the first of them, `join!` with the last")
            } else {
                Fault::new("one_call_forgotten")
                    .happened(format!(
                        "from {} on, only call {} was awaited, until {}; the other would have answered at {}",
                        shown(after),
                        3 - winner,
                        shown(took),
                        shown(due)
                    ))
                    .expected(expected.clone())
                    .next("await both, and take what comes first: `select!` over `&mut first` and the second call")
            }
        })?;
        ensure(took == due, || {
            Fault::new("gave_up_too_early")
                .happened(format!(
                    "the function returned at {}, before there was an answer",
                    shown(took)
                ))
                .expected(expected.clone())
                .next("return what a call yields")
        })?;
        let loser = if winner == 1 { second } else { first };
        ensure(loser.was_dropped_at(due), || {
            goes_on(format!(
                "call {winner} had its answer at {}, and call {} {}",
                shown(due),
                3 - winner,
                loser.end()
            ))
        })?;
        right_page(race, seen, winner)
    }

    fn right_page(race: Race, seen: &Seen<Page>, number: usize) -> Checked {
        let due = page(race, number);
        ensure(seen.result == due, || {
            Fault::new("another_page")
                .happened(format!(
                    "it returned `{}` with `{}`",
                    seen.result.path, seen.result.body
                ))
                .expected(format!(
                    "the page of the call that came first: `{}`",
                    due.body
                ))
                .next("return the page as the call gave it")
        })
    }

    const BASICS: [Race; 3] = [
        race(200, 50, 100),
        race(200, 1000, 100),
        race(200, 300, 500),
    ];

    async fn judge_all(recorder: &Recorder, races: &[Race]) -> Checked {
        for &race in BASICS.iter().chain(races) {
            judge(&scenario(recorder), race).await?;
        }
        Ok(())
    }

    #[test]
    fn a_fast_answer_needs_no_second_call() {
        examine(async |recorder: &Recorder| {
            judge_all(
                recorder,
                &[
                    race(1000, 999, 10),
                    race(2 * HOUR, HOUR, 10),
                    race(30, 0, 10),
                ],
            )
            .await
        });
    }

    #[test]
    fn a_late_answer_is_asked_for_again() {
        examine(async |recorder: &Recorder| {
            judge_all(
                recorder,
                &[
                    race(20, HOUR, 5),
                    race(HOUR, 3 * HOUR, 10),
                    race(70, 80, 3),
                    race(40, 90, 0),
                    race(50, HOUR, 200),
                ],
            )
            .await
        });
    }

    #[test]
    fn the_first_call_may_still_win() {
        examine(async |recorder: &Recorder| {
            judge_all(
                recorder,
                &[
                    race(20, 21, 20),
                    race(100, HOUR, 2 * HOUR),
                    race(100, 350, 251),
                    // Where a third call would be due, if there were one.
                    race(100, 1050, 5000),
                ],
            )
            .await
        });
    }

    #[test]
    fn calls_at_once_share_nothing() {
        examine(async |recorder: &Recorder| {
            judge_all(recorder, &[]).await?;
            recorder.restart();
            let call = async || judge(&Drops::new(), race(200, 1000, 100)).await;
            at_once(call(), call()).await
        });
    }

    #[test]
    fn calls_end_with_the_function() {
        examine(async |recorder: &Recorder| {
            judge_all(recorder, &[]).await?;
            // While the first call is under way alone, and while both are.
            for instant in [100, 300] {
                let drops = scenario(recorder);
                let race = race(200, 1000, 500);
                let function = boxed::hedge(ms(race.after), calls(&drops, race));
                dropped_at(&drops, instant, function).await?;
            }
            Ok(())
        });
    }

    #[test]
    fn a_panic_goes_on_to_the_caller() {
        examine(async |recorder: &Recorder| {
            judge_all(recorder, &[]).await?;
            // The call that panics, and when it has been under way for how long.
            for (failing, length, due) in [(1, 100, 100), (2, 50, 250), (1, 250, 250)] {
                let drops = scenario(recorder);
                let call = {
                    let drops = drops.clone();
                    move || {
                        let number = drops.made_count() + 1;
                        drops.watch(&format!("call {number}"), async move {
                            if number == failing {
                                sleep(ms(length)).await;
                                resume_unwind(Box::new("the cable was cut"))
                            }
                            sleep(ms(2000)).await;
                            Page {
                                path: String::new(),
                                body: String::new(),
                            }
                        })
                    }
                };
                let function = boxed::hedge(ms(200), call);
                let seen = observe(&drops, catch_panic(function)).await;
                ensure(seen.result.is_err() && seen.took == due, || {
                    panic_lost(format!(
                        "call {failing} panicked at {}, and the function ended at {}",
                        shown(due),
                        shown(seen.took)
                    ))
                })?;
            }
            Ok(())
        });
    }
}
