//! The hidden tests of `process`.

use std::{cell::Cell, future, sync::Arc, time::Duration};

use async_workbook::{
    clock::{Readable, distinct},
    harness::{Task, counted, ms, task},
    services::upstream::{Call, Page},
    timeline::Recorder,
    verdict::{Fault, catch_panic, ensure, examine, mark},
};
use futures::{FutureExt as _, stream};
use tokio::time::{sleep, timeout};

use crate::{
    Answer, NonZeroUsize, Paths,
    faults::{backpressure_lost, cancelled_call_kept_running},
    line::{End, Job, Line, panic_of, path},
    run::{complete, limit_kept, limit_of, process, window_slides},
};

pub(crate) const TASK: Task<Answer> = task!(
    process: every_page_is_saved,
    at_most_limit_paths_are_in_progress,
    a_page_is_saved_as_soon_as_it_is_there,
    work_goes_on_while_a_page_is_saved,
    few_pages_wait_to_be_saved,
    an_error_costs_its_own_page_alone,
    the_paths_are_left_alone_after_their_end,
    a_panic_is_passed_on,
    what_is_dropped_leaves_nothing_behind,
);

fn every_page_is_saved(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (limit, save, paths) in [
            (1, 0, 1),
            (2, 0, 3),
            (3, 0, 0),
            (4, 0, 25),
            (10, 0, 3),
            (2, 90_000, 2),
        ] {
            let line = Line::new(limit, save, vec![Job::of(&[20]); paths]);
            let took = complete(answer, recorder, &line).await?;
            ensure(paths > 0 || took.is_zero(), || {
                Fault::new("needless_wait")
                    .happened(format!(
                        "without any paths, the function returned after {}",
                        Readable(took)
                    ))
                    .expected("it returns at once")
                    .next("leave the loop when the stream has ended and there's no work left")
            })?;
        }
        // The same path more than once.
        recorder.restart();
        let given = ["orders/1", "orders/2", "orders/1", "orders/1"].map(str::to_owned);
        let all = given.len();
        let paths = Paths::new(stream::iter(given), Arc::default());
        let work = |path: String| {
            let body = format!("page of {path}");
            future::ready(Ok(Page { path, body })).boxed()
        };
        let saves = Cell::new(0);
        let save = |_| {
            saves.set(saves.get() + 1);
            future::ready(()).boxed_local()
        };
        let limit = NonZeroUsize::MIN;
        (answer.process)(paths, limit, Box::new(work), Box::new(save)).await;
        let saved = saves.get();
        ensure(saved == all, || {
            let [paths, saved] = [counted(all, "path"), counted(saved, "page")];
            Fault::new("results_missing")
                .happened(format!(
                    "of {paths}, three were the same, and the function saved {saved}"
                ))
                .expected(
                    "it works on every path that the stream gives, also on one that it gave before",
                )
                .next("keep no list of the paths that have been")
        })
    });
}

fn at_most_limit_paths_are_in_progress(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // The second of three: then waiting for the oldest and waiting for a whole group take different times.
        let slow_second = |slow: u64, paths: usize| {
            let mut jobs = vec![Job::of(&[50]); paths];
            jobs[1] = Job::of(&[slow]);
            jobs
        };
        let rising = (0..20).map(|path| Job::of(&[100 + 13 * path])).collect();
        let runs = [
            (2, vec![Job::of(&[100]); 12]),
            (3, vec![Job::of(&[100]); 12]),
            (10, vec![Job::of(&[100]); 100]),
            (1, vec![Job::of(&[70]); 5]),
            (3, slow_second(400, 12)),
            // Longer than any customary timeout.
            (2, slow_second(90_000, 3)),
            (7, rising),
            // More than any customary size of a channel.
            (130, vec![Job::of(&[100]); 300]),
        ];
        for (limit, jobs) in runs {
            let line = Line::new(limit, 0, jobs);
            complete(answer, recorder, &line).await?;
            limit_kept(&line)?;
            window_slides(&line)?;
        }
        Ok(())
    });
}

/// `save` begins whenever it's free and a page is there.
fn saved_at_once(line: &Line) -> Result<(), Fault> {
    let seen = line.seen();
    let mut saves: Vec<(Duration, Duration, usize)> = seen
        .iter()
        .enumerate()
        .filter_map(|(index, seen)| Some((seen.save_began?, seen.save_ended?, index)))
        .collect();
    saves.sort();
    let mut free = Duration::ZERO;
    for (number, &(began, ended, _)) in saves.iter().enumerate() {
        let unsaved = saves[number..].iter().map(|&(_, _, index)| index);
        let ready = unsaved
            .filter_map(|index| Some((seen[index].ended?, index)))
            .min();
        let (there, index) = ready.expect("what was saved has ended");
        let due = there.max(free);
        ensure(began <= due, || {
            let [due, began] = distinct([due, began]);
            Fault::new("results_held_back")
                .happened(format!("the page of {} was there at {}, and no other was being saved from {due} on, but the next `save` began at {began}", path(index), Readable(there)))
                .expected("a page is saved as soon as it's there, even if the next path comes much later")
                .next("wait for the next path and for the next page at the same time, as `buffer_unordered` or a `select!` with both does: a loop that first fills its places, `chunks`, and `collect` hold back what is ready")
        })?;
        free = ended;
    }
    Ok(())
}

fn a_page_is_saved_as_soon_as_it_is_there(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let trickle = |paths: u64, gap: u64| {
            let arriving = |path| Job::of(&[20]).arriving(path * gap);
            (0..paths).map(arriving).collect::<Vec<_>>()
        };
        for (limit, save, jobs) in [
            (2, 0, trickle(2, 1000)),
            (3, 0, trickle(7, 1000)),
            (4, 30, trickle(6, 500)),
            (2, 10, trickle(5, 15)),
            // An hour is no end.
            (2, 10, trickle(3, 60 * 60 * 1000)),
            (
                5,
                30,
                vec![
                    Job::of(&[500]),
                    Job::of(&[100]),
                    Job::of(&[300]).arriving(50),
                ],
            ),
        ] {
            let line = Line::new(limit, save, jobs);
            complete(answer, recorder, &line).await?;
            saved_at_once(&line)?;
            if save == 0 {
                window_slides(&line)?;
            }
        }
        Ok(())
    });
}

/// A call whose future was polled when it was woken takes its latency, and the next begins when it ends.
fn at_its_own_pace(line: &Line) -> Result<(), Fault> {
    let calls = line.upstream.calls();
    let latency = |call: &Call| {
        let (path, step) = call.path.split_once(", step ")?;
        let path: usize = path.rsplit('/').next()?.parse().ok()?;
        let step: usize = step.parse().ok()?;
        Some(ms(line.jobs[path - 1].steps[step - 1]))
    };
    for call in &calls {
        let (Some(started), Some(ended), Some(due)) = (call.started, call.ended, latency(call))
        else {
            continue;
        };
        let took = ended - started;
        ensure(took <= due, || {
            let [due, took] = distinct([due, took]);
            Fault::new("buffer_left_unpolled")
                .happened(format!("{} takes {due}. It took {took}, because nobody polled it while a page was being saved", call.path))
                .expected("work that has begun goes on at its own pace while a page is saved")
                .next("`buffer_unordered` and `FuturesUnordered` poll their futures only while you await the next output. Give each job a task of its own, such as `AbortOnDropHandle::new(tokio::spawn(work(path)))`, and buffer the handles; or await the jobs and `save` at the same time, in two branches of `join!` with a channel in between")
        })?;
    }
    Ok(())
}

fn work_goes_on_while_a_page_is_saved(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // Two jobs: the second has a step to go when the first is saved.
        let two = vec![Job::of(&[10]), Job::of(&[10, 10])];
        let uneven = |path: u64| Job::of(&[10, 10 + path % 7, 10]);
        for (limit, save, jobs) in [
            (2, 200, two),
            (3, 200, (0..9).map(uneven).collect()),
            (4, 1000, (0..30).map(uneven).collect()),
            (1, 200, vec![Job::of(&[10, 10]); 4]),
            (5, 35, (0..40).map(uneven).collect()),
        ] {
            let line = Line::new(limit, save, jobs);
            complete(answer, recorder, &line).await?;
            at_its_own_pace(&line)?;
            limit_kept(&line)?;
            saved_at_once(&line)?;
        }
        Ok(())
    });
}

fn few_pages_wait_to_be_saved(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (limit, save, paths) in [(3, 200, 40), (2, 1000, 100), (10, 50, 400)] {
            let line = Line::new(limit, save, vec![Job::of(&[10]); paths]);
            complete(answer, recorder, &line).await?;
            limit_kept(&line)?;
            let (ahead, waiting) = (line.most_ahead(), line.most_waiting());
            // One more is being saved, and one may have been taken before there was room for it.
            let most = 2 * limit + 2;
            let expected = format!(
                "with a limit of {limit}, {limit} pages are in progress and {limit} more wait for `save`, at most: then the function takes no path until a page has been saved"
            );
            ensure(ahead <= most || waiting < most / 2, || {
                backpressure_lost(
                    format!(
                        "while pages were being saved, {waiting} of {} waited for their turn",
                        counted(paths, "page")
                    ),
                    &expected,
                    "use a channel with a bound of `limit` or less, and let the work keep its place until its page is in it; or let the loop that saves take the pages straight from `buffer_unordered` or a `JoinSet`",
                )
            })?;
            ensure(ahead <= most, || {
                Fault::new("jobs_taken_in_advance")
                    .happened(format!("{ahead} of {} had been taken from the stream, and their pages weren't saved yet", counted(paths, "path")))
                    .expected(expected)
                    .next("ask the stream for the next path only when there's room for its work")
            })?;
        }
        Ok(())
    });
}

fn an_error_costs_its_own_page_alone(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let fail = |failing: &[usize], paths: usize| {
            let jobs = (0..paths).map(|path| {
                let end = if failing.contains(&path) {
                    End::Error
                } else {
                    End::Page
                };
                Job::of(&[10, 20]).ending(end)
            });
            jobs.collect::<Vec<_>>()
        };
        for (limit, save, jobs) in [
            (2, 0, fail(&[0], 3)),
            (3, 50, fail(&[1, 4, 5], 9)),
            (2, 0, fail(&[0, 1, 2, 3], 4)),
            (4, 0, fail(&[11], 12)),
        ] {
            let line = Line::new(limit, save, jobs);
            complete(answer, recorder, &line).await?;
            limit_kept(&line)?;
        }
        // The first fails while the second goes on.
        let jobs = [
            (10, End::Error),
            (100, End::Page),
            (20, End::Page),
            (10, End::Page),
        ];
        let jobs = jobs.map(|(takes, end)| Job::of(&[takes]).ending(end));
        let line = Line::new(2, 0, jobs.into());
        complete(answer, recorder, &line).await?;
        window_slides(&line).map_err(|fault| {
            fault.next("work that ends with an error has ended: let the next begin in its place, before any other job has ended")
        })
    });
}

fn the_paths_are_left_alone_after_their_end(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (limit, jobs) in [
            (3, vec![20, 50, 90]),
            (2, vec![30, 30, 30, 80, 10]),
            (2, vec![]),
        ] {
            let jobs = jobs.into_iter().map(|takes| Job::of(&[takes]));
            let line = Line::new(limit, 15, jobs.collect());
            complete(answer, recorder, &line).await?;
            ensure(!line.asked_again(), || {
                Fault::new("polled_after_completion")
                    .happened("the stream of paths had ended, and was asked for another path")
                    .expected("nobody asks a stream again after its end: some streams panic then, such as those of `unfold`")
                    .next("call `.fuse()` on the stream, after which it may be asked again, or remember that it has ended. In a loop around `select!`, a branch `Some(path) = paths.next()` asks again in each turn")
            })?;
        }
        Ok(())
    });
}

fn a_panic_is_passed_on(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (panics, paths, end) in [
            (0, 3, End::Panic),
            (2, 3, End::Panic),
            (4, 9, End::Panic),
            (1, 4, End::PanicInCall),
        ] {
            recorder.restart();
            let mut jobs = vec![Job::of(&[20]); paths];
            jobs[panics].end = end;
            let line = Line::new(2, 10, jobs);
            panics_too(answer, &line, panics).await?;
        }
        // Paths go on coming for an hour, and the other job takes as long.
        recorder.restart();
        let minute = 60 * 1000;
        let mut jobs = vec![
            Job::of(&[20]).ending(End::Panic),
            Job::of(&[30, 60 * minute]),
        ];
        jobs.extend((1..=6).map(|at| Job::of(&[20]).arriving(10 * at * minute)));
        let line = Line::new(3, 10, jobs);
        panics_too(answer, &line, 0).await?;
        let to_the_end = line.seen().iter().all(|seen| seen.taken.is_some());
        ensure(!to_the_end, || {
            panic_swallowed(format!(
                "the work on {} panicked after 20 ms, and the function went on until the paths had ended, an hour later",
                path(0)
            ))
        })?;
        sleep(ms(1)).await;
        let running = line.running();
        ensure(running == 0, || {
            cancelled_call_kept_running(
                format!(
                    "the work on {} panicked, the function passed the panic on, and {} went on",
                    path(0),
                    counted(running, "work")
                ),
                "a task goes on when its `JoinHandle` is dropped: wrap the handle in `AbortOnDropHandle`, or spawn on a `JoinSet`, which aborts its tasks when it's dropped",
            )
        })
    });
}

/// The function panics, and says what the work said.
async fn panics_too(answer: &Answer, line: &Line, panics: usize) -> Result<(), Fault> {
    let said = match catch_panic(process(answer, line)).await {
        Err(said) => said,
        Ok((summary, _)) => {
            return Err(panic_swallowed(format!(
                "the work on {} panicked, and the function returned {} and {} as if nothing had happened",
                path(panics),
                counted(summary.saved, "saved page"),
                counted(summary.failed, "failure")
            )));
        }
    };
    let due = panic_of(&path(panics));
    ensure(said.contains(&due), || {
        panic_swallowed(format!(
            "the work on {} panicked with `{due}`, and the function with `{}`, which says nothing of it",
            path(panics),
            said.escape_debug()
        ))
    })
}

fn panic_swallowed(happened: String) -> Fault {
    Fault::new("panic_swallowed")
        .happened(happened)
        .expected("a panic in `work` is a panic of `process`: an error is for what can go wrong, a panic for a bug")
        .next("if a task's handle gives an `Err`, call `expect` on it, or pass the panic on with `std::panic::resume_unwind(error.into_panic())`")
}

fn what_is_dropped_leaves_nothing_behind(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // During the first jobs, and while a page is being saved.
        for (limit, at) in [(2, 15), (3, 125)] {
            recorder.restart();
            let late = Job::of(&[20]).arriving(10_000);
            let line = Line::new(
                limit,
                100,
                vec![
                    Job::of(&[50, 500]),
                    Job::of(&[20]),
                    Job::of(&[5, 700]),
                    Job::of(&[600]),
                    late,
                ],
            );
            let processing =
                (answer.process)(line.paths(), limit_of(&line), line.work(), line.saving());
            let gone = timeout(ms(at), processing).await.is_err();
            mark("dropped");
            sleep(ms(1)).await;
            let running = line.running();
            if running > 0 {
                // What goes on is seen in the picture.
                sleep(ms(500)).await;
            }
            ensure(!gone || running == 0, || {
                cancelled_call_kept_running(
                    format!(
                        "the function was dropped at {}, and {} went on",
                        Readable(ms(at)),
                        counted(running, "work")
                    ),
                    "a task goes on when its `JoinHandle` is dropped: wrap the handle in `AbortOnDropHandle`, or spawn on a `JoinSet`, which aborts its tasks when it's dropped",
                )
            })?;
            ensure(!gone || !line.has_readers(), || {
                Fault::new("task_left_running")
                    .happened(format!("the function was dropped at {}, and a task went on waiting for the next path", Readable(ms(at))))
                    .expected("the stream of paths is dropped with the function")
                    .next("read the paths in the function itself, or own the task that does: `AbortOnDropHandle` and `JoinSet` abort it")
            })?;
        }
        Ok(())
    });
}
