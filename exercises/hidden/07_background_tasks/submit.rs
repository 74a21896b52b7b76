//! The hidden tests of `submit`.

use std::{collections::HashSet, sync::atomic::Ordering::Relaxed};

use async_workbook::{
    harness::{Task, ms, task},
    timeline::Recorder,
    verdict::{Fault, ensure, examine},
};
use tokio::time::sleep;

use crate::{
    Answer, HOUR,
    desk::Desk,
    job::{Done, Fails, Panics},
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
        ];
        for plans in [&mixed[..], &mixed[..1], &many] {
            recorder.restart();
            let (desk, background) = (Desk::default(), (answer.new)(plans.len()));
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
        // Whose jobs are none of the others' business.
        let (bystander, other) = (Desk::default(), (answer.new)(1));
        bystander.accept(&*other, 10 * HOUR, Done)?;
        for limit in [3, 1, 12] {
            recorder.restart();
            let (desk, background) = (Desk::default(), (answer.new)(limit));
            for job in 0..limit as u64 {
                desk.accept(&*background, 1000 + job * 100, Done)?;
            }
            desk.refuse(&*background, limit).await?;
            desk.runs_by_itself().await?;
            // The jobs have been taken up, and yet their places are taken.
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

/// Whichever way it ends, and as often as it is asked.
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
            let (desk, background) = (Desk::default(), (answer.new)(limit));
            for _ in 0..3 {
                for ending in endings {
                    desk.accept(&*background, 100, ending)?;
                }
                desk.runs_by_itself().await?;
                desk.refuse(&*background, limit).await?;
                sleep(ms(101)).await;
                desk.runs_by_itself().await?;
            }
            // One of several ends: one place.
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
        // Room enough that nothing needs to be let go to make room.
        let (desk, background) = (Desk::default(), (answer.new)(64));
        for _ in 0..10 {
            for _ in 0..20 {
                desk.accept(&*background, 10, Fails)?;
            }
            desk.runs_by_itself().await?;
            sleep(ms(11)).await;
        }
        desk.accept(&*background, 10, Done)?;
        desk.runs_by_itself().await?;
        let ended = desk.planned(200);
        let kept = |what: String| {
            Fault::new("ended_jobs_kept")
                .happened(format!("200 jobs had ended, another was submitted, and {what} in memory"))
                .expected("a job that has ended leaves a count behind, and nothing else: a service runs for months")
                .next("with each `submit`, join all that has ended (`while let Some(joined) = jobs.try_join_next()`); a handle that is kept keeps its task in memory")
        };
        let errors = desk.0.errors.load(Relaxed);
        ensure(errors == 0, || {
            kept(format!(
                "{errors} of the errors that they returned were still"
            ))
        })?;
        // A task that is gone leaves its memory to the next ones: at 20 at a time, 200 need no 200 places.
        let tasks: HashSet<_> = ended.iter().map(|job| job.task).collect();
        ensure(tasks.len() < ended.len(), || {
            kept("their tasks were all still".into())
        })
    });
}
