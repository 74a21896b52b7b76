//! Task 1.

use async_workbook::{
    harness::{Task, task},
    verdict::examine,
};

use crate::{
    Answer,
    caches::{Cache, Kind},
    outcome::{Wrong, is_accepted},
    stories::of_cache,
};

pub(crate) const TASK: Task<Answer> = task!(check_cache:
    a_right_cache_is_accepted,
    a_page_that_is_not_kept_is_noticed,
    a_page_that_is_kept_for_ever_is_noticed,
    a_call_each_is_noticed,
    a_kept_error_is_noticed,
    a_page_that_expires_early_is_noticed,
    an_expiry_from_the_call_is_noticed,
    an_expiry_that_slides_is_noticed,
    an_old_page_is_noticed,
    an_old_page_for_an_error_is_noticed,
    a_call_each_after_an_error_is_noticed,
    callers_left_without_an_answer_are_noticed,
    callers_that_fail_with_the_first_are_noticed,
    caches_that_share_are_noticed,
    a_call_that_nobody_asked_for_is_noticed,
    a_hit_that_takes_time_is_noticed,
    a_task_of_its_own_is_accepted,
    another_number_of_polls_is_accepted,
    a_call_by_another_caller_is_accepted,
    a_page_that_is_renewed_unasked_is_noticed,
    a_call_each_after_a_minute_is_noticed,
);

fn accepts(answer: &Answer, what: &str, kind: Kind) {
    examine(async |_| {
        let make = |upstream| Cache::new(upstream, kind);
        is_accepted(what, (answer.check_cache)(&make)).await
    });
}

fn refuses(answer: &Answer, kind: Kind, wrong: &Wrong) {
    examine(async |recorder| {
        let make = |upstream| Cache::new(upstream, kind);
        let refused = wrong.is_refused((answer.check_cache)(&make)).await;
        if wrong.slipped_through(&refused) {
            recorder.restart();
            of_cache(kind).await;
        }
        refused
    });
}

fn a_right_cache_is_accepted(answer: &Answer) {
    let what = "a cache whose callers all wait for one shared future, which is dropped with the last of them";
    accepts(answer, what, Kind::Simple);
}

fn a_task_of_its_own_is_accepted(answer: &Answer) {
    let what = "a cache that makes its calls in tasks, which go on when nobody waits, and for which a page is still good after exactly 60 s";
    accepts(answer, what, Kind::OnATask);
}

fn another_number_of_polls_is_accepted(answer: &Answer) {
    let what = "a cache whose `get` yields twice before it answers, which takes no time";
    accepts(answer, what, Kind::Unhurried);
}

fn a_call_by_another_caller_is_accepted(answer: &Answer) {
    let what = "a cache in which the first caller makes the call, and if it's dropped, one of those who wait makes another";
    accepts(answer, what, Kind::HandsOver);
}

fn a_page_that_is_renewed_unasked_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::Renews,
        &Wrong {
            fault: "early_call_slipped_through",
            what: "a cache that makes a call whenever its page has expired, although nobody asks for it",
            contract: "it calls the upstream when somebody asks for the page, and at no other time",
            next: "let some minutes pass after a `get`, and compare `upstream.hits()` with 1",
        },
    );
}

fn a_call_each_after_a_minute_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::SharesOnce,
        &Wrong {
            fault: "double_call_slipped_through",
            what: "a cache whose callers share the first call, and make a call each once a page has expired",
            contract: "callers who come during a call wait for that call",
            next: "let several callers wait together once more, after more than a minute",
        },
    );
}

fn a_page_that_is_not_kept_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::Forgetful,
        &Wrong {
            fault: "missing_cache_slipped_through",
            what: "a cache that keeps nothing: it makes a call for each `get`",
            contract: "within 60 s, a second `get` makes no call",
            next: "await `get` twice, and compare `upstream.hits()` with 1",
        },
    );
}

fn a_page_that_is_kept_for_ever_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::ForEver,
        &Wrong {
            fault: "missing_expiry_slipped_through",
            what: "a cache that keeps a page for ever",
            contract: "after 60 s, the next `get` makes a call",
            next: "between two calls of `get`, let a little more than a minute pass with `tokio::time::sleep`",
        },
    );
}

fn a_call_each_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::OneEach,
        &Wrong {
            fault: "double_call_slipped_through",
            what: "a cache that makes a call for each caller, if they all come before the page is there",
            contract: "callers who come during a call wait for that call",
            next: "let several callers wait at the same time (`join_all`) in front of an upstream that takes its time, and count its hits",
        },
    );
}

fn a_kept_error_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::ErrorKept,
        &Wrong {
            fault: "kept_error_slipped_through",
            what: "a cache that keeps an error for 60 s, as it does a page",
            contract: "after an error, the next `get` makes a call",
            next: "with `Route::first`, let the first call fail and the second succeed, and call `get` twice",
        },
    );
}

fn a_page_that_expires_early_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::HalfAMinute,
        &Wrong {
            fault: "early_expiry_slipped_through",
            what: "a cache that keeps a page for 30 s",
            contract: "a page is good for 60 s",
            next: "call `get` once more just before the minute is over: a test of a limit looks at both sides of it",
        },
    );
}

fn an_expiry_from_the_call_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::FromTheCall,
        &Wrong {
            fault: "early_expiry_slipped_through",
            what: "a cache whose 60 s begin when the call does, and not when the page comes",
            contract: "a page is good for 60 s from the moment it came",
            next: "let the upstream take some seconds, and call `get` when its page has been there for a little less than 60 s",
        },
    );
}

fn an_expiry_that_slides_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::Sliding,
        &Wrong {
            fault: "sliding_expiry_slipped_through",
            what: "a cache whose 60 s begin anew with each `get`: a page in demand never expires",
            contract: "a page is good for 60 s from the moment it came, however often somebody asks for it",
            next: "call `get` in the middle of the minute too, and then again when it's over",
        },
    );
}

fn an_old_page_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::Stale,
        &Wrong {
            fault: "stale_page_slipped_through",
            what: "a cache that makes a call when the minute is over, and returns the old page all the same",
            contract: "`get` returns what the call brings",
            next: "give the upstream another page for the second call (`Route::first`), and look at what `get` returns",
        },
    );
}

fn an_old_page_for_an_error_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::ErrorHidden,
        &Wrong {
            fault: "hidden_error_slipped_through",
            what: "a cache that returns an old page if the call for a new one fails",
            contract: "`get` returns what the call brings, be it a page or an error",
            next: "let the second call fail, a minute after the first one has brought a page",
        },
    );
}

fn a_call_each_after_an_error_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::ErrorRetried,
        &Wrong {
            fault: "repeated_call_slipped_through",
            what: "a cache in which a call fails, and everybody who waited for it makes a call of their own",
            contract: "all who wait get the error",
            next: "let several callers wait for a call that fails, and count the hits afterwards",
        },
    );
}

fn callers_left_without_an_answer_are_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::LeaderGone,
        &Wrong {
            fault: "hang_slipped_through",
            what: "a cache in which everybody waits for ever once the caller who made the call has been dropped",
            contract: "if some of those who wait are dropped, the others get their page all the same",
            next: "let two callers wait, drop the first one half way (`timeout`, or `abort` of its task), and await the second, with a timeout",
        },
    );
}

fn callers_that_fail_with_the_first_are_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::FollowersFail,
        &Wrong {
            fault: "lost_call_slipped_through",
            what: "a cache in which everybody gets an error once the caller who made the call has been dropped",
            contract: "if some of those who wait are dropped, the others get their page all the same",
            next: "let two callers wait, drop the first one half way, and look at what the second one gets",
        },
    );
}

fn caches_that_share_are_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::OneForAll,
        &Wrong {
            fault: "shared_state_slipped_through",
            what: "a cache that keeps its page in a `static`, for all caches of the process",
            contract: "two caches share nothing",
            next: "make two caches of two upstreams with different pages, and call `get` of both",
        },
    );
}

fn a_call_that_nobody_asked_for_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::Eager,
        &Wrong {
            fault: "early_call_slipped_through",
            what: "a cache that makes its first call when it's made",
            contract: "nothing is called before somebody asks for the page",
            next: "make a cache, let some time pass, and compare `upstream.hits()` with 0",
        },
    );
}

fn a_hit_that_takes_time_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::SlowHit,
        &Wrong {
            fault: "slow_hit_slipped_through",
            what: "a cache that waits for a millisecond before it returns a page that it has",
            contract: "while a page is good, `get` takes no time",
            next: "take `tokio::time::Instant::now()` before the second `get`, and compare what has elapsed with zero",
        },
    );
}
