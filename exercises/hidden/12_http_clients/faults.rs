//! Faults that answers to more than one task can have.

use std::{collections::BTreeSet, time::Duration};

use async_workbook::{
    harness::counted,
    verdict::{Fault, ensure},
};

use crate::{
    ApiError, Fetched, User,
    pictures::with_connections,
    reply,
    scene::{Checked, Ended, shown},
    service::Service,
};

/// What a function returned, as a sentence goes on: "the function returned …".
pub(crate) fn told(result: &Fetched) -> String {
    match result {
        Ok(user) => format!("`Ok`, with user {} called {:?}", user.id, user.name),
        Err(error) => told_error(error),
    }
}

pub(crate) fn told_error(error: &ApiError) -> String {
    match error {
        ApiError::Status { code, text } if text.len() > 40 => {
            format!(
                "`Status` with code {code} and a text of {} bytes",
                text.len()
            )
        }
        error => format!("`{error:?}`"),
    }
}

/// The same, whatever the text says: it may name the address, which is another one each time.
pub(crate) fn same_kind(error: &ApiError, expected: &ApiError) -> bool {
    match (error, expected) {
        (ApiError::Status { code, .. }, ApiError::Status { code: due, .. }) => code == due,
        _ => std::mem::discriminant(error) == std::mem::discriminant(expected),
    }
}

/// The same error, with the same text.
pub(crate) fn same_error(error: &ApiError, expected: &ApiError) -> bool {
    match (error, expected) {
        (
            ApiError::Status { code, text },
            ApiError::Status {
                code: due,
                text: due_text,
            },
        ) => code == due && text == due_text,
        _ => std::mem::discriminant(error) == std::mem::discriminant(expected),
    }
}

pub(crate) fn never_ended(function: &str, limit: Duration) -> Fault {
    Fault::new("needless_wait")
        .happened(format!(
            "the service had answered, and {} later `{function}` hadn't returned",
            shown(limit)
        ))
        .expected("it returns as soon as the whole answer has arrived")
        .next(format!(
            "in `{function}`, find the `.await` that waits for something else than the answer"
        ))
}

pub(crate) fn not_asked(function: &str) -> Fault {
    Fault::new("wrong_request_sent")
        .happened(format!("`{function}` sent the service no request"))
        .expected("each call asks the service, at once")
        .next(format!(
            "in `{function}`, send the request, and await `send()`: a request that isn't sent does nothing"
        ))
}

/// The function returned an answer of the service that came at once.
pub(crate) fn at_once<T>(function: &str, ended: Option<Ended<T>>, limit: Duration) -> Checked<T> {
    let ended = ended.ok_or_else(|| never_ended(function, limit))?;
    ensure(ended.took.is_zero(), || {
        Fault::new("needless_wait")
            .happened(format!(
                "the service answered at once, and `{function}` returned {} later",
                shown(ended.took)
            ))
            .expected("it returns as soon as the whole answer has arrived")
            .next(format!(
                "in `{function}`, remove the `sleep`, or whatever else you wait for besides the answer"
            ))
    })?;
    Ok(ended.result)
}

/// The user of this id, as the service knows them.
pub(crate) fn is_user(function: &str, id: u64, result: &Fetched) -> Checked {
    let due = User {
        id,
        name: reply::name(id),
    };
    is_this_user(function, &due, result)
}

pub(crate) fn is_this_user(function: &str, due: &User, result: &Fetched) -> Checked {
    let expected = format!(
        "it returns `Ok`, with user {} called {:?}",
        due.id, due.name
    );
    match result {
        Ok(user) => ensure(user == due, || {
            Fault::new("data_altered")
                .happened(format!("`{function}` returned {}", told(result)))
                .expected(expected)
                .next(format!(
                    "in `{function}`, return the user that the service's answer describes, as it is"
                ))
        }),
        Err(error) => Err(Fault::new("success_reported_as_failure")
            .happened(format!(
                "the service sent a user in JSON with a status of 2xx, and `{function}` returned {}",
                told_error(error)
            ))
            .expected(expected)
            .next(format!(
                "in `{function}`, return `Ok` for every status of 2xx (`status.is_success()`) whose text is a user"
            ))),
    }
}

pub(crate) fn wrong_request(function: &str, came: &str, due: &str) -> Fault {
    Fault::new("wrong_request_sent")
        .happened(format!("`{function}` sent `{came}`"))
        .expected(format!("it sends `{due}`"))
        .next(format!(
            "in `{function}`, compare the method and the URL with the task's: the path follows `base`, which has a path of its own"
        ))
}

pub(crate) fn status_not_checked(function: &str, code: u16, happened: &str) -> Fault {
    Fault::new("status_not_checked")
        .happened(format!(
            "the service answered with status {code}, and `{function}` {happened}"
        ))
        .expected(format!("it returns `Status` with code {code}: to reqwest, every answer is an `Ok`, whatever its status"))
        .next(format!(
            "in `{function}`, look at `response.status().is_success()` before you use the text"
        ))
}

/// Requests of this function and of another one came in turn, so one connection is enough for both.
pub(crate) fn one_client(function: &str, other: &str, service: &Service) -> Checked {
    one_connection(function, service)?;
    let requests = service.requests();
    let of = |turn: usize| -> BTreeSet<usize> {
        let mine = requests.iter().filter(|seen| seen.number % 2 == turn);
        mine.map(|seen| seen.connection).collect()
    };
    ensure(!of(1).is_disjoint(&of(0)), || {
        let fault = Fault::new("client_per_request")
            .happened(format!(
                "requests of `{function}` and of `{other}` came in turn, and never over the same connection"
            ))
            .expected("all requests of an `Api` share one client and its connections")
            .next(format!(
                "in `{function}`, use the client that `{other}` uses: whatever is special about a request, such as a header or a limit, goes to the request"
            ));
        with_connections(fault, &requests)
    })
}

/// One connection is enough for requests in turn. It may once come back a moment too late, which isn't the answer's fault.
pub(crate) fn one_connection(function: &str, service: &Service) -> Checked {
    let requests = service.requests();
    let connections = service.accepts.total();
    ensure(connections <= 2, || {
        let fault = Fault::new("client_per_request")
            .happened(format!(
                "{}, one after another, came over {}",
                counted(requests.len(), "request"),
                counted(connections, "connection")
            ))
            .expected("they come over one connection: a client keeps it open for the next request")
            .next(format!(
                "in `{function}`, use the client that `new` made and keeps in `Api`, with its idle connections"
            ));
        with_connections(fault, &requests)
    })
}

/// So many callers wait for the service together.
pub(crate) fn wait_together(function: &str, callers: usize, in_flight: usize) -> Checked {
    ensure(in_flight == callers, || {
        let misconception = match in_flight {
            1 => "lock_held_while_waiting",
            _ => "unrequested_concurrency_limit",
        };
        Fault::new(misconception)
            .happened(format!(
                "of {callers} callers of `{function}` at the same time, {in_flight} had a request in flight, and the others waited for it to end"
            ))
            .expected("all of them wait for the service at the same time")
            .next("in `Api`, keep the `Client` without a lock or a limit around it: its methods take `&self`, and its clones share their connections")
    })
}

pub(crate) fn body_left_unread(function: &str, answered: &str, service: &Service) -> Checked {
    let requests = service.requests();
    let connections = service.accepts.total();
    ensure(connections <= 2, || {
        let fault = Fault::new("body_left_unread")
            .happened(format!(
                "the service answered {} {answered}, and they came over {}",
                counted(requests.len(), "request"),
                counted(connections, "connection")
            ))
            .expected("they come over one connection: it's free for the next request once this answer has been read to its end")
            .next(format!(
                "in `{function}`, read the text of an error to its end (`response.text().await`), whatever you do next: a response that's dropped before, as by `error_for_status`, takes its connection with it"
            ));
        with_connections(fault, &requests)
    })
}

pub(crate) fn task_left_running(function: &str) -> Fault {
    Fault::new("cancelled_call_kept_running")
        .happened(format!(
            "the caller dropped `{function}`, and its request to the service went on"
        ))
        .expected("the request ends with the call: the client closes its connection, and the service can stop its work")
        .next(format!(
            "in `{function}`, await the request itself: a task from `tokio::spawn` goes on when its handle is dropped"
        ))
}

/// The caller goes away while an answer is under way.
pub(crate) fn ended_with_the_caller(function: &str, service: &Service, hits: usize) -> Checked {
    ensure(service.in_flight() == 0 && service.hits() == hits, || {
        task_left_running(function)
    })
}

/// Something went wrong, and the error says something else.
pub(crate) fn wrong_error(
    function: &str,
    happened: &str,
    result: &Fetched,
    due: &str,
    next: &str,
) -> Fault {
    Fault::new("wrong_error_returned")
        .happened(format!(
            "{happened}, and `{function}` returned {}",
            told(result)
        ))
        .expected(format!("it returns {due}"))
        .next(format!("in `{function}`, {next}"))
}
