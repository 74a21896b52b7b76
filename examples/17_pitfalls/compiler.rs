//! Pitfalls that the compiler sees. What it says stands beside each program; a test compiles them, and compares.

use super::Symptom;

pub(super) const UN_AWAITED: &str = include_str!("un_awaited.stderr");
pub(super) const PLAIN_FN: &str = include_str!("await_in_a_plain_fn.stderr");

pub(super) mod await_outside_async_code {
    use super::*;

    pub(crate) async fn wrong() -> Symptom {
        Ok("it does not compile".into())
    }

    pub(crate) async fn right() -> Symptom {
        async fn users() -> usize {
            3
        }
        // Only what is async can wait without keeping the thread; the first that is not needs a runtime's `block_on`.
        Ok(format!(
            "an async fn awaits another one: {} users",
            users().await
        ))
    }
}
