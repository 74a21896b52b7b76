//! Faults that an answer to any of the tasks can have.

use async_workbook::{
    harness::counted,
    verdict::{Fault, ensure},
};

use crate::dropping::tasks_left;

/// What a test finds.
pub(crate) type Checked = Result<(), Fault>;

pub(crate) async fn no_task_is_left(when: &str) -> Checked {
    no_task_is_left_beside(0, when).await
}

/// So many tasks at most are the scenario's own.
pub(crate) async fn no_task_is_left_beside(others: usize, when: &str) -> Checked {
    let tasks = tasks_left().await.saturating_sub(others);
    ensure(tasks == 0, || {
        Fault::new("task_left_running")
            .happened(format!(
                "{when} {} still running",
                if tasks == 1 {
                    "a task of its own was".to_owned()
                } else {
                    format!("{} of its own were", counted(tasks, "task"))
                }
            ))
            .expected("what you spawn ends with its owner: it leaves nothing running")
            .next("keep the task's handle in an `AbortOnDropHandle` or a `JoinSet`, which abort it when they're dropped, or don't spawn")
    })
}

/// What two uses at once do to each other, when each is right alone.
pub(crate) fn shared(fault: Fault) -> Fault {
    Fault::new("state_shared_between_calls")
        .happened(format!(
            "each is right alone, but not while another one is in use: {}",
            fault.happened
        ))
        .expected(fault.expected)
        .next("replace your `static` with fields or local variables: everybody shares a `static`")
}
