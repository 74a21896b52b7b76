//! Task 2.

use async_workbook::{
    harness::{Task, task},
    verdict::examine,
};

use crate::{
    Answer,
    outcome::{Wrong, is_accepted},
    services::{Kind, service},
    stories::of_service,
};

pub(crate) const TASK: Task<Answer> = task!(check_service:
    a_right_service_is_accepted,
    a_rate_as_text_is_noticed,
    a_rate_of_another_currency_is_noticed,
    a_currency_in_small_letters_is_noticed,
    a_currency_that_is_too_long_is_noticed,
    a_call_for_a_wrong_currency_is_noticed,
    a_missing_currency_as_a_failure_is_noticed,
    a_failure_as_a_missing_currency_is_noticed,
    a_failure_as_a_fault_of_its_own_is_noticed,
    an_error_that_looks_well_is_noticed,
    an_error_as_text_is_noticed,
    an_error_that_tells_all_is_noticed,
    a_service_that_waits_for_ever_is_noticed,
    a_timeout_that_comes_late_is_noticed,
    a_timeout_that_comes_early_is_noticed,
    a_call_that_goes_on_is_noticed,
    requests_in_turn_are_noticed,
    other_spaces_and_words_are_accepted,
    another_number_of_polls_is_accepted,
    tasks_are_accepted,
    remembered_rates_are_noticed,
    a_refusal_as_a_missing_currency_is_noticed,
    letters_of_other_alphabets_are_noticed,
    an_error_that_tells_the_status_is_noticed,
);

fn accepts(answer: &Answer, what: &str, kind: Kind) {
    examine(async |_| {
        let make = |upstream| service(upstream, kind);
        is_accepted(what, (answer.check_service)(&make)).await
    });
}

fn refuses(answer: &Answer, kind: Kind, wrong: &Wrong) {
    examine(async |recorder| {
        let make = |upstream| service(upstream, kind);
        let refused = wrong.is_refused((answer.check_service)(&make)).await;
        if wrong.slipped_through(&refused) {
            recorder.restart();
            let drawing = of_service(kind).await;
            return refused.map_err(|fault| fault.drawn(drawing));
        }
        refused
    });
}

fn a_right_service_is_accepted(answer: &Answer) {
    accepts(answer, "a service with one handler", Kind::Simple);
}

fn other_spaces_and_words_are_accepted(answer: &Answer) {
    let what = "a service whose JSON has spaces and another order of its fields, and whose errors have other words";
    accepts(answer, what, Kind::Spaced);
}

fn another_number_of_polls_is_accepted(answer: &Answer) {
    let what = "a service that yields before it calls the upstream and before it answers, which takes no time";
    accepts(answer, what, Kind::Unhurried);
}

fn tasks_are_accepted(answer: &Answer) {
    let what = "a service that handles each request in a task of its own. It has another task make the call, which it aborts after 5 s";
    accepts(answer, what, Kind::OnTasks);
}

fn remembered_rates_are_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::RemembersEach,
        &Wrong {
            fault: "remembered_answer_slipped_through",
            what: "a service that calls the upstream once for each currency, and remembers the rate for ever",
            contract: "it keeps nothing from one request to the next",
            next: "ask one service twice for the same currency, and compare `upstream.hits()` with 2",
        },
    );
}

fn a_refusal_as_a_missing_currency_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::AnyClientErrorIsMissing,
        &Wrong {
            fault: "wrong_status_slipped_through",
            what: "a service that answers 404 to each status of the upstream from 400 to 499",
            contract: "any failure of the upstream besides 404 is a 502",
            next: "let a page of the upstream fail with a status close to 404, such as 403 or 410",
        },
    );
}

fn letters_of_other_alphabets_are_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::AnyAlphabet,
        &Wrong {
            fault: "unchecked_input_slipped_through",
            what: "a service that takes any three capital letters for a currency, even `ÄÖÜ`",
            contract: "a currency has three letters from A to Z, and anything else is a 400",
            next: "ask for `%C3%84%C3%96%C3%9C`, which is `ÄÖÜ` in a path",
        },
    );
}

fn an_error_that_tells_the_status_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::TellsTheStatus,
        &Wrong {
            fault: "leaked_detail_slipped_through",
            what: "a service whose errors tell its clients the status of the upstream",
            contract: "the text of an error contains nothing of what the upstream's error says",
            next: "assert that the status that the upstream failed with isn't in the text",
        },
    );
}

fn a_rate_as_text_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::RateAsText,
        &Wrong {
            fault: "wrong_content_type_slipped_through",
            what: "a service that sends its JSON as `text/plain`",
            contract: "it answers with a JSON object, so the content type is `application/json`",
            next: "look at the response's header `content-type` too",
        },
    );
}

fn a_rate_of_another_currency_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::FirstRate,
        &Wrong {
            fault: "remembered_answer_slipped_through",
            what: "a service that remembers the first rate, and returns it for every other currency as well",
            contract: "it keeps nothing from one request to the next",
            next: "ask one service for two currencies with different rates: a clone of a router shares its state",
        },
    );
}

fn a_currency_in_small_letters_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::AnyThree,
        &Wrong {
            fault: "unchecked_input_slipped_through",
            what: "a service that takes any three characters for a currency, such as `eur`",
            contract: "a currency has capital letters, and anything else is a 400",
            next: "ask for what is wrong in one thing only: `eur`, `EU1`",
        },
    );
}

fn a_currency_that_is_too_long_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::AnyCapitals,
        &Wrong {
            fault: "unchecked_input_slipped_through",
            what: "a service that takes any number of capital letters for a currency, such as `EURO`",
            contract: "a currency has three letters, and anything else is a 400",
            next: "ask for what is wrong in one thing only: `EU`, `EURO`",
        },
    );
}

fn a_call_for_a_wrong_currency_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::CallsFirst,
        &Wrong {
            fault: "early_call_slipped_through",
            what: "a service that answers `eur` with a 400, after it has called the upstream",
            contract: "nothing is called if the currency is wrong",
            next: "compare `upstream.hits()` with 0 after the 400",
        },
    );
}

fn a_missing_currency_as_a_failure_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::NotFoundIsBadGateway,
        &Wrong {
            fault: "wrong_status_slipped_through",
            what: "a service that answers 502 when the upstream says 404",
            contract: "the upstream's 404 is a 404",
            next: "ask for a currency that the upstream doesn't have",
        },
    );
}

fn a_failure_as_a_missing_currency_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::AllIsNotFound,
        &Wrong {
            fault: "wrong_status_slipped_through",
            what: "a service that answers 404 when the upstream fails",
            contract: "any failure of the upstream besides 404 is a 502",
            next: "let a page of the upstream fail with another status (`Route::fails`)",
        },
    );
}

fn a_failure_as_a_fault_of_its_own_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::FailureIsInternal,
        &Wrong {
            fault: "wrong_status_slipped_through",
            what: "a service that answers 500 when the upstream fails",
            contract: "any failure of the upstream besides 404 is a 502",
            next: "compare the status with the one that you expect: `is_server_error` holds for 500, too",
        },
    );
}

fn an_error_that_looks_well_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::ErrorsAreOk,
        &Wrong {
            fault: "wrong_status_slipped_through",
            what: "a service that answers 200, with an error in its JSON",
            contract: "each error has its status",
            next: "compare the status of each response with the one that you expect",
        },
    );
}

fn an_error_as_text_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::ErrorAsText,
        &Wrong {
            fault: "error_as_text_slipped_through",
            what: "a service whose errors are plain text",
            contract: "the body of an error is a JSON object with a text `error`",
            next: "parse the body of an error as JSON, and look at its field `error`",
        },
    );
}

fn an_error_that_tells_all_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::TellsThePath,
        &Wrong {
            fault: "leaked_detail_slipped_through",
            what: "a service whose errors tell its clients the path of the upstream's page",
            contract: "the text of an error contains nothing of what the upstream's error says",
            next: "assert that what must not be in the text isn't there: `rates/`, in a 404 and in a 502",
        },
    );
}

fn a_service_that_waits_for_ever_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::NoTimeout,
        &Wrong {
            fault: "wrong_timeout_slipped_through",
            what: "a service that waits for the upstream as long as it takes",
            contract: "if the upstream hasn't answered after 5 s, it answers 504",
            next: "let a page of the upstream take an hour",
        },
    );
}

fn a_timeout_that_comes_late_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::LateTimeout,
        &Wrong {
            fault: "wrong_timeout_slipped_through",
            what: "a service that waits for the upstream for 5.1 s",
            contract: "after 5 s, it answers 504 at that moment",
            next: "compare what has elapsed on the paused clock with 5 s: it's exact",
        },
    );
}

fn a_timeout_that_comes_early_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::EarlyTimeout,
        &Wrong {
            fault: "wrong_timeout_slipped_through",
            what: "a service that waits for the upstream for no more than 4 s",
            contract: "it waits for 5 s",
            next: "compare what has elapsed on the paused clock with 5 s: it's exact",
        },
    );
}

fn a_call_that_goes_on_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::CallGoesOn,
        &Wrong {
            fault: "running_call_slipped_through",
            what: "a service that answers 504, while its call goes on in a task",
            contract: "after 5 s, it drops the call",
            next: "after the 504, let a moment pass and compare `upstream.in_flight()` with 0",
        },
    );
}

fn requests_in_turn_are_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::OneAtATime,
        &Wrong {
            fault: "serial_handling_slipped_through",
            what: "a service that handles one request at a time",
            contract: "it handles requests at the same time",
            next: "send several requests together (`join_all`), and compare what they took with what one takes",
        },
    );
}
