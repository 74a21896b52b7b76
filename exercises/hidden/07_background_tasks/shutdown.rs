//! The hidden tests of `shutdown`.

use async_workbook::{
    harness::{Task, task},
    timeline::Recorder,
    verdict::examine,
};

use crate::{
    Answer, HOUR,
    job::{Done, Fails, Panics},
    scenario::Scenario,
};

pub(crate) const TASK: Task<Answer> = task!(
    shutdown: running_jobs_come_to_their_end,
    the_grace_bounds_the_wait,
    every_job_is_counted_once_under_how_it_ended,
    nothing_is_accepted_from_then_on,
);

fn running_jobs_come_to_their_end(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for scenario in [
            Scenario::new(&[(0, 200, Done)], 0, 500),
            Scenario::new(
                &[(0, 700, Done), (0, 2037, Done), (50, 1200, Done)],
                500,
                5000,
            ),
            Scenario::new(&[(0, HOUR, Done), (0, 1000, Done)], 1001, 2 * HOUR),
            Scenario::new(&[], 100, 3000),
        ] {
            scenario.observe(answer, recorder).await?;
        }
        Ok(())
    });
}

fn the_grace_bounds_the_wait(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        for scenario in [
            Scenario::new(
                &[(0, HOUR, Done), (0, 1100, Done), (0, 2 * HOUR, Done)],
                100,
                2000,
            ),
            Scenario::new(
                &[
                    (0, 700, Done),
                    (0, 1400, Done),
                    (0, 2100, Done),
                    (0, HOUR, Done),
                ],
                500,
                1037,
            ),
            Scenario::new(&[(0, HOUR, Done), (10, HOUR, Done)], 20, 0),
            // More tasks than the runtime polls before it turns to anything else.
            Scenario {
                limit: 300,
                ..Scenario::new(&[(0, HOUR, Done); 300], 100, 1000)
            },
            // Accepted, but not yet polled when the shutdown begins.
            Scenario::new(&[(0, HOUR, Done), (0, HOUR, Done), (0, HOUR, Done)], 0, 0),
        ] {
            scenario.observe(answer, recorder).await?;
        }
        Ok(())
    });
}

fn every_job_is_counted_once_under_how_it_ended(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let plans = |early: [usize; 3], late: [usize; 3], aborted: usize| {
            let mut plans = Vec::new();
            let times = |count, plan| std::iter::repeat_n(plan, count);
            for (count, ending) in std::iter::zip(early, [Done, Fails, Panics]) {
                plans.extend(times(count, (0, 100, ending)));
            }
            for (count, ending) in std::iter::zip(late, [Done, Fails, Panics]) {
                plans.extend(times(count, (200, 900, ending)));
            }
            plans.extend(times(aborted, (200, HOUR, Done)));
            plans
        };
        for (early, late, aborted) in [
            ([0, 0, 0], [2, 3, 1], 1),
            ([3, 1, 2], [1, 2, 3], 4),
            ([5, 4, 3], [0, 0, 0], 1),
            ([0, 0, 2], [1, 0, 5], 0),
            ([1, 0, 0], [4, 5, 0], 2),
        ] {
            let plans = plans(early, late, aborted);
            Scenario::new(&plans, 500, 1500)
                .observe(answer, recorder)
                .await?;
        }
        // Refused jobs aren't in the report.
        let full = Scenario {
            limit: 3,
            refused: 2,
            ..Scenario::new(
                &[(0, 900, Done), (0, 900, Fails), (0, HOUR, Done)],
                100,
                2000,
            )
        };
        full.observe(answer, recorder).await?;
        // All jobs have ended, there's no grace, and there are more of them than one turn can join.
        let ended = plans([200, 50, 50], [0, 0, 0], 0);
        let late = Scenario {
            limit: 300,
            ..Scenario::new(&ended, 500, 0)
        };
        late.observe(answer, recorder).await
    });
}

fn nothing_is_accepted_from_then_on(answer: &Answer) {
    examine(async |recorder: &Recorder| {
        let jobs = [(0, 900, Done), (0, HOUR, Done)];
        for (limit, begins, probes) in [
            (64, 100, &[0, 1, 500, 2500][..]),
            (2, 100, &[0, 1, 1000]),
            (3, 0, &[0]),
        ] {
            let scenario = Scenario {
                limit,
                probes,
                ..Scenario::new(&jobs, begins, 2000)
            };
            scenario.observe(answer, recorder).await?;
        }
        Ok(())
    });
}
