//! The hidden tests of `publish`: of `Hub` and `Member`.

mod checks;

use async_workbook::{
    harness::{Task, task},
    verdict::{Fault, examine, show},
};

use crate::{Answer, faults::Checked};

pub(crate) const TASK: Task<Answer> = task!(
    publish: every_member_gets_every_message,
    a_waiting_member_gets_its_message_at_once,
    a_member_that_is_behind_is_told,
    a_member_may_be_as_far_behind_as_the_backlog,
    places_are_limited_and_come_back,
    a_dropped_wait_loses_nothing,
    members_learn_that_the_hub_is_gone,
    the_text_is_shared,
);

fn every_member_gets_every_message(answer: &Answer) {
    examine(async |_| checks::every_member_gets_every_message(answer).await);
}

fn a_waiting_member_gets_its_message_at_once(answer: &Answer) {
    examine(async |_| checks::a_waiting_member_gets_its_message_at_once(answer).await);
}

fn a_member_that_is_behind_is_told(answer: &Answer) {
    examine(async |_| {
        let got = checks::a_member_that_is_behind_is_told(answer).await?;
        show(|| got);
        Ok(())
    });
}

fn a_member_may_be_as_far_behind_as_the_backlog(answer: &Answer) {
    examine(async |_| checks::a_member_may_be_as_far_behind_as_the_backlog(answer).await);
}

fn places_are_limited_and_come_back(answer: &Answer) {
    examine(async |_| checks::places_are_limited_and_come_back(answer).await);
}

fn a_dropped_wait_loses_nothing(answer: &Answer) {
    examine(async |_| checks::a_dropped_wait_loses_nothing(answer).await);
}

fn members_learn_that_the_hub_is_gone(answer: &Answer) {
    examine(async |_| checks::members_learn_that_the_hub_is_gone(answer).await);
}

fn the_text_is_shared(answer: &Answer) {
    examine(async |_| checks::the_text_is_shared(answer).await);
}

/// The first test of `chat`, which uses the learner's hub: a fault of the hub would show there as something else.
pub(crate) fn the_hub_works(answer: &Answer) {
    examine(async |_| works(answer).await.map_err(of_the_hub));
}

async fn works(answer: &Answer) -> Checked {
    checks::every_member_gets_every_message(answer).await?;
    checks::a_waiting_member_gets_its_message_at_once(answer).await?;
    checks::a_member_that_is_behind_is_told(answer).await?;
    checks::a_member_may_be_as_far_behind_as_the_backlog(answer).await?;
    checks::places_are_limited_and_come_back(answer).await?;
    checks::a_dropped_wait_loses_nothing(answer).await?;
    checks::members_learn_that_the_hub_is_gone(answer).await?;
    checks::the_text_is_shared(answer).await
}

fn of_the_hub(mut fault: Fault) -> Fault {
    fault.happened = format!(
        "`chat` needs your hub, which doesn't work yet: {}",
        fault.happened
    );
    fault
}
