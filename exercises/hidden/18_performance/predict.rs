//! The hidden tests of `predict`: each load is run on the paused clock, and takes as long as was predicted.

mod diagnosis;
mod model;
mod run;

use std::{panic, thread, time::Duration};

use async_workbook::{
    clock::Readable,
    harness::{Task, ms, task},
    services::workload::Workload,
    timeline::Recorder,
    verdict::{Fault, examine},
};

use self::{diagnosis::diagnosis, run::run};
use crate::Answer;

const NO_LIMIT: u32 = Workload::NO_LIMIT;

pub(crate) const TASK: Task<Answer> = task!(
    predict: waits_without_a_line_overlap,
    a_line_is_served_in_waves,
    computing_takes_cores,
    the_narrowest_place_decides,
    steps_of_different_requests_overlap,
    requests_that_come_one_by_one_may_queue,
    large_numbers_and_small_times_stay_exact,
);

/// Runs each load, and compares how long it took with what was predicted.
fn compare(answer: &Answer, workloads: Vec<Workload>) {
    examine(async |recorder: &Recorder| {
        for workload in &workloads {
            recorder.restart();
            let took = run(workload).await;
            judge(answer, workload, took)?;
        }
        Ok(())
    });
}

fn judge(answer: &Answer, workload: &Workload, took: Duration) -> Result<(), Fault> {
    match predicted(answer, workload) {
        Ok(predicted) if predicted == took => Ok(()),
        Ok(predicted) if workload.requests == 0 => Err(empty(format!(
            "without any request, the function predicted {}",
            Readable(predicted)
        ))),
        Ok(predicted) => Err(diagnosis(workload, predicted, took)),
        Err(payload) => {
            let message = payload
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| payload.downcast_ref::<&str>().copied())
                .unwrap_or_default();
            if workload.requests == 0 {
                return Err(empty(format!(
                    "without any request, the function panicked: {message}"
                )));
            }
            if message.contains("overflow") {
                return Err(diagnosis::overflowed(workload, message));
            }
            panic::resume_unwind(payload)
        }
    }
}

fn empty(happened: String) -> Fault {
    Fault::new("empty_input_not_handled")
        .happened(happened)
        .expected("without any request, it returns zero")
        .next("ask what each line of the code does for no requests: `requests - 1` has no result then")
}

/// On a thread of its own, where no runtime is in the way of an answer that makes one.
fn predicted(answer: &Answer, workload: &Workload) -> thread::Result<Duration> {
    let predict = answer.predict;
    thread::scope(|scope| scope.spawn(move || predict(workload)).join())
}

fn waits_without_a_line_overlap(answer: &Answer) {
    let call = |requests, calls: &[u64]| Workload {
        requests,
        calls: calls.iter().copied().map(ms).collect(),
        ..Workload::default()
    };
    compare(
        answer,
        vec![
            call(1, &[500]),
            call(1, &[]),
            call(1, &[500, 300, 400]),
            call(3, &[200]),
            call(10, &[2000]),
            call(100, &[500, 500]),
            Workload {
                requests: 1,
                query: ms(10),
                connections: 1,
                ..Workload::default()
            },
            call(0, &[500]),
            call(0, &[]),
        ],
    );
}

fn a_line_is_served_in_waves(answer: &Answer) {
    let queries = |requests, connections, millis| Workload {
        requests,
        connections,
        query: ms(millis),
        ..Workload::default()
    };
    let limited = |requests, limit, millis| Workload {
        requests,
        limit,
        calls: vec![ms(millis)],
        ..Workload::default()
    };
    compare(
        answer,
        vec![
            queries(6, 2, 100),
            limited(6, 2, 100),
            queries(5, 2, 100),
            queries(1, 2, 100),
            queries(100, 1, 10),
            queries(100, 20, 10),
            queries(100, 50, 10),
            queries(101, 20, 10),
            queries(100, 100, 10),
            queries(20, 100, 10),
            queries(400, 150, 10),
            limited(5, 2, 100),
            limited(100, 10, 500),
            limited(100, 1, 500),
            limited(100, 40, 500),
        ],
    );
}

fn computing_takes_cores(answer: &Answer) {
    let computing = |requests, cores, millis| Workload {
        requests,
        cores,
        compute: ms(millis),
        ..Workload::default()
    };
    compare(
        answer,
        vec![
            computing(1, 1, 100),
            computing(1, 4, 100),
            computing(5, 2, 100),
            computing(10, 1, 100),
            computing(10, 4, 100),
            computing(100, 8, 25),
            computing(100, 48, 25),
        ],
    );
}

fn the_narrowest_place_decides(answer: &Answer) {
    let load = |requests, limit, connections, cores| Workload {
        requests,
        limit,
        connections,
        cores,
        query: ms(if connections < NO_LIMIT { 10 } else { 0 }),
        compute: ms(if cores < NO_LIMIT { 10 } else { 0 }),
        ..Workload::default()
    };
    compare(
        answer,
        vec![
            load(6, 3, 2, NO_LIMIT),
            load(6, 2, 3, NO_LIMIT),
            load(100, 50, 20, NO_LIMIT),
            load(100, 100, 20, NO_LIMIT),
            load(100, 5, 20, NO_LIMIT),
            load(100, 40, NO_LIMIT, 2),
            load(100, 2, NO_LIMIT, 8),
        ],
    );
}

fn steps_of_different_requests_overlap(answer: &Answer) {
    let load = |requests, limit, calls: &[u64], (query, connections), (compute, cores)| Workload {
        requests,
        limit,
        calls: calls.iter().copied().map(ms).collect(),
        query: ms(query),
        connections,
        compute: ms(compute),
        cores,
        ..Workload::default()
    };
    compare(
        answer,
        vec![
            load(4, NO_LIMIT, &[], (100, 1), (50, 2)),
            load(4, NO_LIMIT, &[], (50, 2), (100, 1)),
            load(4, NO_LIMIT, &[], (100, 1), (50, 1)),
            load(4, NO_LIMIT, &[200], (100, 1), (0, 1)),
            load(4, NO_LIMIT, &[100], (0, 1), (50, 2)),
            load(4, 2, &[100], (100, 1), (0, 1)),
            load(9, NO_LIMIT, &[], (100, 2), (70, 3)),
            load(100, NO_LIMIT, &[500], (10, 5), (0, 1)),
            load(50, 4, &[80, 120], (10, 3), (20, 1)),
            load(50, 10, &[100], (30, 2), (40, 4)),
            load(40, 7, &[30, 50], (20, 3), (15, 2)),
        ],
    );
}

fn requests_that_come_one_by_one_may_queue(answer: &Answer) {
    let load = |requests, every, calls, query, connections, compute, cores| Workload {
        requests,
        every: ms(every),
        calls: vec![ms(calls)],
        query: ms(query),
        connections,
        compute: ms(compute),
        cores,
        ..Workload::default()
    };
    let limited = |requests, every, limit, calls| Workload {
        requests,
        every: ms(every),
        limit,
        calls: vec![ms(calls)],
        ..Workload::default()
    };
    let mixed = |every| Workload {
        requests: 40,
        every: ms(every),
        limit: 7,
        calls: vec![ms(30), ms(50)],
        query: ms(20),
        connections: 3,
        compute: ms(15),
        cores: 2,
    };
    compare(
        answer,
        vec![
            load(5, 100, 30, 0, 1, 0, 1),
            load(5, 100, 0, 0, 1, 80, 1),
            load(5, 100, 0, 0, 1, 100, 1),
            load(5, 100, 0, 0, 1, 150, 1),
            load(10, 100, 0, 250, 3, 0, 1),
            load(10, 100, 0, 350, 3, 0, 1),
            load(1, 100, 30, 0, 1, 0, 1),
            load(0, 100, 30, 0, 1, 0, 1),
            limited(10, 100, 2, 150),
            limited(10, 100, 2, 450),
            limited(100, 10, 3, 40),
            mixed(5),
            mixed(12),
            mixed(100),
        ],
    );
}

/// Loads that would take too long to run, and times that tokio's timers round. What they take is computed as that of the
/// others could be, which were run.
fn large_numbers_and_small_times_stay_exact(answer: &Answer) {
    let hour = Duration::from_secs(3600);
    let nanos = Duration::from_nanos;
    let workloads = [
        Workload {
            requests: 3,
            compute: nanos(1_500_001),
            ..Workload::default()
        },
        Workload {
            requests: 7,
            every: nanos(333),
            calls: vec![nanos(1)],
            query: nanos(999),
            connections: 2,
            ..Workload::default()
        },
        Workload {
            requests: NO_LIMIT,
            connections: 3,
            query: hour + nanos(777),
            ..Workload::default()
        },
        Workload {
            requests: NO_LIMIT,
            limit: NO_LIMIT / 2,
            calls: vec![hour; 3],
            compute: nanos(7),
            cores: 2,
            ..Workload::default()
        },
        Workload {
            requests: NO_LIMIT,
            every: 240 * hour,
            query: 300 * hour,
            connections: 2,
            ..Workload::default()
        },
    ];
    examine(async |_recorder: &Recorder| {
        for workload in &workloads {
            judge(answer, workload, model::took(workload))?;
        }
        Ok(())
    });
}
