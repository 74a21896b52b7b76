//! Services that are too slow, each in its own way, and what it says of an answer that waits for them.

use std::time::Duration;

use async_workbook::verdict::{Fault, ensure};

use crate::{
    ApiError, Fetched,
    faults::{told, wrong_error},
    reply::{Reply, Step, name, piece},
    scene::{Checked, Ended, STEP, shown},
    service::{Seen, Service},
    user::decode_misread,
};

/// In which way a service is too slow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Case {
    /// It never answers.
    Silent,
    /// It sends headers and the beginning of a text, and then nothing.
    Stalled,
    /// It sends a few bytes now and then. Neither the headers nor a piece takes as long as the limit.
    Trickling,
    /// It answers with an error, and the text of that never ends.
    Refusing,
}

impl Case {
    pub(crate) fn reply(self, seen: &Seen, limit: Duration) -> Reply {
        match self {
            Self::Silent => Reply::never(),
            Self::Refusing => Reply::new(500, vec![piece("the reason is"), Step::Stall]),
            Self::Stalled => Reply::new(200, vec![piece("{\"id\": "), Step::Stall]),
            Self::Trickling => {
                let text = format!("{{\"id\": {}, \"name\": {:?}}}", seen.id(), name(seen.id()));
                let pieces = text.as_bytes().chunks(6).flat_map(|bytes| {
                    let text = String::from_utf8_lossy(bytes);
                    [piece(text), Step::Wait(limit - STEP)]
                });
                Reply::new(200, pieces.collect()).after(limit - STEP)
            }
        }
    }

    fn happened(self) -> &'static str {
        match self {
            Self::Silent => "the service never answered",
            Self::Stalled => {
                "the service sent its headers and the beginning of the text, and then nothing more"
            }
            Self::Trickling => "the service sent a few bytes now and then",
            Self::Refusing => {
                "the service sent status 500 and the beginning of a text, and then nothing more"
            }
        }
    }

    fn fault(self, function: &str, after: &str) -> Fault {
        let (misconception, next) = match self {
            Self::Silent => (
                "timeout_missing",
                "bound the whole call by `timeout`, with `ClientBuilder::timeout` or `tokio::time::timeout`: reqwest has no limit by default, and a limit on connecting isn't one on the answer",
            ),
            Self::Stalled => (
                "timeout_on_headers_only",
                "read the body inside the timeout as well: `send().await` ends with the headers",
            ),
            Self::Refusing => (
                "timeout_on_headers_only",
                "read the text of an error inside the timeout as well",
            ),
            Self::Trickling => (
                "timer_restarted",
                "make one time limit for the whole call: `read_timeout`, and a timeout around each step, start again with every piece",
            ),
        };
        Fault::new(misconception)
            .happened(format!("{}, and {after}", self.happened()))
            .expected("it returns `Timeout` at `timeout`, whatever it's waiting for by then")
            .next(format!("in `{function}`, {next}"))
    }
}

/// How long a test waits for a call with this limit: longer than any usual limit.
pub(crate) fn patience(limit: Duration) -> Duration {
    5 * limit + Duration::from_secs(40)
}

/// What came of a call with this limit, of a service that is too slow.
pub(crate) fn given_up(
    function: &str,
    case: Case,
    limit: Duration,
    ended: Option<Ended<Fetched>>,
    service: &Service,
) -> Checked {
    let Some(Ended { result, took }) = ended else {
        let after = format!(
            "with a limit of {}, `{function}` was still waiting after {}",
            shown(limit),
            shown(patience(limit))
        );
        return Err(case.fault(function, &after));
    };
    // With a limit for each step, a step may come to its limit.
    let restarted = case == Case::Trickling && matches!(result, Err(ApiError::Timeout));
    if (result.is_ok() || restarted) && took > limit {
        let after = format!(
            "with a limit of {}, `{function}` returned {} after {}",
            shown(limit),
            told(&result),
            shown(took)
        );
        return Err(case.fault(function, &after));
    }
    let happened = format!("{}, with a limit of {}", case.happened(), shown(limit));
    match &result {
        Err(ApiError::Timeout) => {}
        Err(ApiError::Decode) => {
            return Err(decode_misread(function, &happened, &result, "`Timeout`"));
        }
        _ => {
            return Err(wrong_error(
                function,
                &happened,
                &result,
                "`Timeout`",
                "ask the error with `is_timeout()` before anything else: an error that is a timeout may be one of connecting or of the body as well",
            ));
        }
    }
    ensure(took == limit, || {
        Fault::new("wrong_time_limit")
            .happened(format!(
                "with a limit of {}, `{function}` returned {} after {}",
                shown(limit),
                told(&result),
                shown(took)
            ))
            .expected("it returns `Timeout` at `timeout`, counted from the call")
            .next(format!(
                "in `{function}`, use the `timeout` that `new` was given, as it is, once"
            ))
    })?;
    ensure(service.in_flight() == 0, || {
        Fault::new("task_left_running")
            .happened(format!(
                "`{function}` returned `Timeout`, and its request to the service went on"
            ))
            .expected("when time is up, the request ends as well")
            .next(format!(
                "in `{function}`, put the timeout around the request itself, and not around the handle of a task"
            ))
    })
}
