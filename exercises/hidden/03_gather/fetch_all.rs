//! The hidden tests of `fetch_all`.

use async_workbook::{
    harness::{Task, task},
    verdict::examine,
};

use crate::{
    Answer,
    gathering::{self, Way},
};

pub(crate) const TASK: Task<Answer> = task!(
    fetch_all: calls_are_in_flight_together,
    pages_come_in_the_order_of_the_paths,
    a_path_given_twice_gives_two_pages,
    no_paths_give_no_pages,
    a_slow_call_is_awaited,
    many_calls_are_in_flight_together,
);

fn on_one_task(answer: &Answer) -> Way {
    Way {
        fetch: answer.fetch_all,
        next: "replace the loop that awaits the futures one by one with one `join_all` over all of them",
    }
}

fn calls_are_in_flight_together(answer: &Answer) {
    examine(async |recorder| {
        gathering::calls_are_in_flight_together(&on_one_task(answer), recorder).await
    });
}

fn many_calls_are_in_flight_together(answer: &Answer) {
    examine(async |recorder| {
        gathering::many_calls_are_in_flight_together(&on_one_task(answer), recorder).await
    });
}

fn pages_come_in_the_order_of_the_paths(answer: &Answer) {
    examine(async |recorder| {
        gathering::pages_come_in_the_order_of_the_paths(&on_one_task(answer), recorder).await
    });
}

fn a_path_given_twice_gives_two_pages(answer: &Answer) {
    examine(async |recorder| {
        gathering::a_path_given_twice_gives_two_pages(&on_one_task(answer), recorder).await
    });
}

fn no_paths_give_no_pages(answer: &Answer) {
    examine(async |recorder| {
        gathering::no_paths_give_no_pages(&on_one_task(answer), recorder).await
    });
}

fn a_slow_call_is_awaited(answer: &Answer) {
    examine(async |recorder| {
        gathering::a_slow_call_is_awaited(&on_one_task(answer), recorder).await
    });
}
