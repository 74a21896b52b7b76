//! The hidden tests of `spawn_bounded`.

mod kept;
mod run;
mod watch;

use async_workbook::{
    harness::{Task, task},
    timeline::Recorder,
    verdict::examine,
};

use self::{kept::ended_jobs_are_let_go, run::run};
use crate::{
    Answer,
    scenario::{AN_HOUR, Scenario, falling, first_takes, mixed, rising},
};

pub(crate) const TASK: Task<Answer> = task!(
    spawn_bounded: at_most_limit_jobs_run_at_once,
    many_jobs_need_few_tasks,
    whichever_job_ends_makes_room,
    a_panic_costs_its_own_job_alone,
    few_jobs_or_none_are_no_trouble,
    ended_jobs_are_let_go,
);

fn at_most_limit_jobs_run_at_once(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let runs = [
            (40, 100, 3),
            (100, 100, 10),
            (100, 500, 10),
            (23, 70, 4),
            (12, 500, 1),
            (1300, 100, 1100),
        ];
        for (number, (jobs, latency, limit)) in runs.into_iter().enumerate() {
            run(
                answer,
                &Scenario::new(number, limit, vec![latency; jobs]),
                recorder,
            )
            .await?;
        }
        Ok(())
    });
}

fn many_jobs_need_few_tasks(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // Rising latencies show an empty window after any number of jobs.
        run(answer, &Scenario::new(1, 10, rising(1200)), recorder).await
    });
}

fn whichever_job_ends_makes_room(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let runs = [
            (4, rising(30)),
            (3, first_takes(1000, 12)),
            (3, first_takes(AN_HOUR, 30)),
            (5, mixed(40)),
            (6, falling(40)),
        ];
        for (number, (limit, latencies)) in runs.into_iter().enumerate() {
            run(answer, &Scenario::new(number, limit, latencies), recorder).await?;
        }
        Ok(())
    });
}

fn a_panic_costs_its_own_job_alone(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        // No panic, more panics than there are places, then one in each position, then nothing but panics.
        let all: Vec<usize> = (0..20).collect();
        let one = (0..20).map(|failing| vec![failing]);
        let runs = [vec![], vec![0, 1, 2, 5, 6, 7, 8]].into_iter().chain(one);
        for (number, failing) in runs.chain([all]).enumerate() {
            run(
                answer,
                &Scenario::failing(number, 3, vec![100; 20], &failing),
                recorder,
            )
            .await?;
        }
        Ok(())
    });
}

fn few_jobs_or_none_are_no_trouble(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for (number, (jobs, limit)) in [(0, 3), (1, 3), (3, 3), (4, 1000)].into_iter().enumerate() {
            run(
                answer,
                &Scenario::new(number, limit, vec![100; jobs]),
                recorder,
            )
            .await?;
        }
        Ok(())
    });
}
