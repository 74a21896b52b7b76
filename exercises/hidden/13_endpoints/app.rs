//! The hidden tests of `app`.

mod limit;
mod private;
mod routes;
mod time;

use async_workbook::harness::{Task, task};

use crate::Answer;
use limit::{
    a_crowd_waits, all_routes_share_one_limit, clones_share_the_limit, each_place_is_used_at_once,
    services_share_nothing, slots_come_back, the_limit_holds_and_is_used,
};
use private::the_other_routes_have_both_limits;
use routes::{every_route_answers, tokens_are_needed};
use time::{
    a_slow_request_is_answered_504, a_transfer_outlives_its_504, waiting_for_a_turn_counts,
};

pub(crate) const TASK: Task<Answer> = task!(
    app: every_route_answers,
    the_limit_holds_and_is_used,
    each_place_is_used_at_once,
    all_routes_share_one_limit,
    clones_share_the_limit,
    a_slow_request_is_answered_504,
    waiting_for_a_turn_counts,
    a_crowd_waits,
    slots_come_back,
    services_share_nothing,
    tokens_are_needed,
    the_other_routes_have_both_limits,
    a_transfer_outlives_its_504,
);

/// How many requests the service handles at once, even if an answer changes its own `AT_ONCE`.
const AT_ONCE: usize = 10;

/// How long a request may take, in milliseconds, even if an answer changes its own `PATIENCE`.
const PATIENCE: u64 = 5000;

/// The service. What isn't layered yet is layered here once, as `axum::serve` does it, and not at each request.
fn service(answer: &Answer, state: &crate::AppState) -> axum::Router {
    (answer.app)(state.clone()).with_state(())
}
