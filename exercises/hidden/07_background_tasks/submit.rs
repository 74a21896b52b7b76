//! The hidden tests of `submit`.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, atomic::Ordering::Relaxed},
};

use async_workbook::{
    harness::{Task, ms, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use tokio::time::sleep;

use crate::{
    Answer, HOUR,
    background::Background,
    desk::Desk,
    job::{Done, Fails, Panics, address_of_task},
};

pub(crate) const TASK: Task<Answer> = task!(
    submit: accepted_jobs_run_by_themselves_and_together,
    there_is_room_for_as_many_as_the_limit,
    a_job_that_ends_gives_its_place_back,
    what_ended_jobs_returned_is_let_go,
);

fn accepted_jobs_run_by_themselves_and_together(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let many: Vec<_> = (0..300).map(|job| (100 + job * 37 % 101, Done)).collect();
        let mixed = [
            (1037, Done),
            (250, Fails),
            (HOUR, Done),
            (250, Panics),
            (0, Done),
            (0, Fails),
            (0, Panics),
        ];
        for plans in [&mixed[..], &mixed[..1], &many] {
            recorder.restart();
            let (desk, background) = (Desk::default(), Background::new(answer, plans.len()));
            for &(takes, ending) in plans {
                desk.accept(&*background, takes, ending)?;
            }
            desk.runs_by_itself().await?;
            for after in [251, 1000, HOUR] {
                sleep(ms(after)).await;
                desk.runs_by_itself().await?;
            }
        }
        Ok(())
    });
}

fn there_is_room_for_as_many_as_the_limit(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // A second `Background`, whose job must not count against the others.
        let (bystander, other) = (Desk::default(), Background::new(answer, 1));
        bystander.accept(&*other, 10 * HOUR, Done)?;
        for limit in [3, 1, 12] {
            recorder.restart();
            let (desk, background) = (Desk::default(), Background::new(answer, limit));
            for job in 0..limit as u64 {
                desk.accept(&*background, 1000 + job * 100, Done)?;
            }
            desk.refuse(&*background, limit).await?;
            desk.runs_by_itself().await?;
            // The jobs have begun, and their places are still taken.
            desk.refuse(&*background, limit).await?;
            sleep(ms(700)).await;
            desk.refuse(&*background, limit).await?;
            sleep(ms(HOUR)).await;
            desk.runs_by_itself().await?;
            desk.refused_never_ran()?;
            bystander.runs_by_itself().await?;
        }
        Ok(())
    });
}

/// Whichever way it ends, and again and again.
fn a_job_that_ends_gives_its_place_back(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for endings in [
            [Done, Done, Done],
            [Fails, Fails, Fails],
            [Panics, Panics, Panics],
            [Panics, Done, Fails],
        ] {
            recorder.restart();
            let limit = endings.len();
            let (desk, background) = (Desk::default(), Background::new(answer, limit));
            for _ in 0..3 {
                for ending in endings {
                    desk.accept(&*background, 100, ending)?;
                }
                desk.runs_by_itself().await?;
                desk.refuse(&*background, limit).await?;
                sleep(ms(101)).await;
                desk.runs_by_itself().await?;
            }
            // If one of several jobs ends, one place is free.
            for (takes, ending) in std::iter::zip([50, 200, 300], endings) {
                desk.accept(&*background, takes, ending)?;
            }
            sleep(ms(51)).await;
            desk.accept(&*background, 200, Done)?;
            desk.runs_by_itself().await?;
            desk.refuse(&*background, limit).await?;
            desk.refused_never_ran()?;
        }
        Ok(())
    });
}

fn what_ended_jobs_returned_is_let_go(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        recorder.restart();
        // With this much room, the answer needn't drop anything to make room.
        let (desk, background) = (Desk::default(), Background::new(answer, 64));
        for _ in 0..ROUNDS {
            for job in 0..TOGETHER {
                let ending = if job % 2 == 0 { Fails } else { Panics };
                desk.accept(&*background, 10, ending)?;
            }
            desk.runs_by_itself().await?;
            sleep(ms(11)).await;
        }
        desk.accept(&*background, 10, Done)?;
        desk.runs_by_itself().await?;
        let ended = desk.planned(ROUNDS * TOGETHER);
        let kept = |what: String| {
            Fault::new("finished_tasks_kept")
                .happened(format!(
                    "{} jobs had ended, another was submitted, and {what} in memory",
                    ended.len()
                ))
                .expected("a job that has ended leaves only a count: a service runs for months")
                .next("in `submit`, join every job that has ended: `while let Some(joined) = jobs.try_join_next()`")
        };
        let errors = desk.0.errors.load(Relaxed);
        ensure(errors == 0, || {
            kept(format!(
                "{errors} of the errors that they returned were still"
            ))
        })?;
        let payloads = desk.0.payloads.load(Relaxed);
        ensure(payloads == 0, || {
            kept(format!("{payloads} of their panics were still"))
        })?;
        // Two tasks never share memory that's in use. Tasks that are gone leave theirs to later tasks, unless the
        // allocator never reuses memory, and then this test can't tell.
        let tasks: HashSet<_> = ended.iter().map(|job| job.task).collect();
        ensure(
            tasks.len() < ended.len() || !memory_is_used_again().await,
            || kept("all their tasks were still".into()),
        )
    });
}

const ROUNDS: usize = 10;
/// How many jobs run at the same time, so each needs its own memory.
const TOGETHER: usize = 20;

/// Whether tasks without a handle leave their memory to later ones.
async fn memory_is_used_again() -> bool {
    let places = Arc::new(Mutex::new(HashSet::new()));
    for _ in 0..ROUNDS {
        for _ in 0..TOGETHER {
            let places = Arc::clone(&places);
            drop(tokio::spawn(async move {
                let place = address_of_task().await;
                places
                    .lock()
                    .expect("no panic under the lock")
                    .insert(place);
                sleep(ms(10)).await;
            }));
        }
        sleep(ms(11)).await;
    }
    let places = places.lock().expect("no panic under the lock");
    places.len() < ROUNDS * TOGETHER
}
