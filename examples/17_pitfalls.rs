//! Pitfalls: find a fault from its symptom.
//!
//! A gallery of eleven pitfalls, each run wrong and then right, over real HTTP on loopback and against a real SQLite
//! file. Each has a symptom that can be counted, and that is what it prints.
//!
//!     cargo run --example 17_pitfalls             all of them
//!     cargo run --example 17_pitfalls client      those with `client` in their name
//!
//! takes about three seconds, and prints lines such as
//!
//!     client_per_request: a client for each request, or one for all
//!         wrong   20 requests, 20 connections
//!         right   20 requests, 1 connection
//!
//! Two of the pitfalls do not compile: there it prints the compiler's own words. With `WORKBOOK_CLOCK=virtual` the
//! same program, the same sockets and the same database run on tokio's paused clock, which is held while bytes are
//! under way.

use std::{env, error::Error};

use async_workbook::clock::Clock;
use futures::future::LocalBoxFuture;

#[path = "17_pitfalls/compiler.rs"]
mod compiler;
#[path = "17_pitfalls/database.rs"]
mod database;
#[path = "17_pitfalls/http.rs"]
mod http;
#[path = "17_pitfalls/tasks.rs"]
mod tasks;

/// The symptom in a line.
type Symptom = Result<String, Box<dyn Error>>;

struct Pitfall {
    name: &'static str,
    what: &'static str,
    wrong: fn() -> LocalBoxFuture<'static, Symptom>,
    right: fn() -> LocalBoxFuture<'static, Symptom>,
    /// What the compiler says of the wrong one, where it sees it.
    compiler: Option<&'static str>,
}

/// A pitfall of two async functions `wrong` and `right` in the module of this name.
macro_rules! pitfall {
    ($name:ident in $module:ident: $what:literal $(, $compiler:expr)?) => {
        Pitfall {
            name: stringify!($name),
            what: $what,
            wrong: || Box::pin($module::$name::wrong()),
            right: || Box::pin($module::$name::right()),
            compiler: [$($compiler,)?].first().copied(),
        }
    };
}

const GALLERY: [Pitfall; 11] = [
    pitfall!(future_never_awaited in http: "a future that nobody awaits", compiler::UN_AWAITED),
    pitfall!(await_outside_async_code in compiler: "`.await` in a function that is not async", compiler::PLAIN_FN),
    pitfall!(blocking_call_in_async_code in tasks: "a computation on the runtime's thread, or off it"),
    pitfall!(independent_calls_in_sequence in http: "three calls in turn, or together"),
    pitfall!(client_per_request in http: "a client for each request, or one for all"),
    pitfall!(pool_per_request in database: "a pool for each request, or one for all"),
    pitfall!(connection_held_while_waiting in database: "a connection held during a call, or given back"),
    pitfall!(timeout_missing in http: "a slow service, waited for without end, or for 0.2 s"),
    pitfall!(guard_held_across_await in tasks: "a std guard kept across an `.await`, or dropped"),
    pitfall!(task_outcome_ignored in tasks: "a task's handle dropped, or awaited by another task"),
    pitfall!(limit_per_call in http: "a semaphore for each call, or one for all"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let clock = Clock::from_env()?;
    let wanted = env::args().nth(1).unwrap_or_default();
    let shown: Vec<_> = GALLERY
        .iter()
        .filter(|pitfall| pitfall.name.contains(&wanted))
        .collect();
    if shown.is_empty() {
        let names: Vec<_> = GALLERY.iter().map(|pitfall| pitfall.name).collect();
        return Err(format!(
            "no pitfall is called `{wanted}`; there are: {}",
            names.join(", ")
        )
        .into());
    }
    for pitfall in shown {
        println!("{}: {}", pitfall.name, pitfall.what);
        // A runtime for each, so that every clock begins at 0, and nothing of one is left for the next.
        println!(
            "    wrong   {}",
            clock.runtime()?.block_on((pitfall.wrong)())?
        );
        println!(
            "    right   {}\n",
            clock.runtime()?.block_on((pitfall.right)())?
        );
        // What follows the first paragraph is how many errors there were.
        let said = pitfall.compiler.and_then(|said| said.split("\n\n").next());
        for line in said.iter().flat_map(|said| said.lines()) {
            println!("    {line}");
        }
        if said.is_some() {
            println!();
        }
    }
    Ok(())
}
