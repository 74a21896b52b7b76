//! A simulated key-value store, as Redis is one: values that expire, behind calls that take time and may fail.
//!
//! ```
//! # use std::time::Duration;
//! use async_workbook::services::key_value::Store;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let store = Store::new(Duration::from_millis(1));
//! store.set("user:1", "Ada", Duration::from_secs(1)).await.expect("the store is up");
//! assert_eq!(store.get("user:1").await, Ok(Some("Ada".into())));
//!
//! tokio::time::sleep(Duration::from_secs(1)).await;
//! assert_eq!(store.get("user:1").await, Ok(None), "it has expired");
//!
//! store.goes_down();
//! store.get("user:1").await.expect_err("the store is down");
//! # }
//! ```

use std::{
    collections::HashMap,
    future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep};
use tracing::{Instrument as _, field};

use crate::probes::lifecycle::{self, LifecycleLog};

/// Keeps values for a while. Clones share one store, as clients of one server do.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    latency: Duration,
    state: Mutex<State>,
    calls: LifecycleLog<Call, Outcome>,
}

#[derive(Debug, Default)]
struct State {
    values: HashMap<String, Value>,
    latencies: HashMap<String, Duration>,
    health: Health,
}

#[derive(Clone, Debug)]
struct Value {
    text: String,
    expires: Instant,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Health {
    #[default]
    Up,
    Down,
    Silent,
}

/// Why a call to the store failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum StoreError {
    /// The store can't be reached.
    #[error("the store refuses the connection")]
    Unavailable,
    /// A value can't be kept for no time at all.
    #[error("a value has to live for longer than no time")]
    NoTimeToLive,
}

/// A call that the store was sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Call {
    /// Somebody asked for the value of this key.
    Get(String),
    /// Somebody stored a value.
    Set {
        /// Its key.
        key: String,
        /// The value.
        value: String,
        /// How long it's kept.
        time_to_live: Duration,
    },
}

impl Call {
    /// The key that it is about.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Self::Get(key) | Self::Set { key, .. } => key,
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Outcome {
    Answered,
    Failed,
    Dropped,
}

impl lifecycle::Outcome for Outcome {
    const DROPPED: Self = Self::Dropped;

    fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
        }
    }
}

impl Store {
    /// An empty store, which takes `latency` for each call.
    #[must_use]
    pub fn new(latency: Duration) -> Self {
        Self(Arc::new(Inner {
            latency,
            state: Mutex::default(),
            calls: LifecycleLog::default(),
        }))
    }

    /// The value of this key, if there is one and it hasn't expired.
    ///
    /// # Errors
    ///
    /// The store is down.
    ///
    /// # Cancel safety
    ///
    /// It may be dropped at any time.
    pub async fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        let call = Call::Get(key.to_owned());
        self.call(format!("GET {key}"), call, || Ok(self.value(key)))
            .await
    }

    /// Keeps a value for as long as `time_to_live`, in place of the one before.
    ///
    /// # Errors
    ///
    /// The store is down, or `time_to_live` is zero.
    ///
    /// # Cancel safety
    ///
    /// A call that is dropped before it ends has stored nothing. (With a real store, it may have.)
    pub async fn set(
        &self,
        key: &str,
        value: &str,
        time_to_live: Duration,
    ) -> Result<(), StoreError> {
        let call = Call::Set {
            key: key.to_owned(),
            value: value.to_owned(),
            time_to_live,
        };
        let keep = || {
            if time_to_live.is_zero() {
                return Err(StoreError::NoTimeToLive);
            }
            self.keep(key, value, time_to_live);
            Ok(())
        };
        self.call(format!("SET {key}"), call, keep).await
    }

    /// From now on, each call fails at once.
    pub fn goes_down(&self) {
        self.with(|state| state.health = Health::Down);
    }

    /// From now on, no call is ever answered: what a lost machine looks like.
    pub fn goes_silent(&self) {
        self.with(|state| state.health = Health::Silent);
    }

    /// From now on, calls are answered.
    pub fn comes_back(&self) {
        self.with(|state| state.health = Health::Up);
    }

    /// From now on, calls for this key take this long.
    pub fn latency_for(&self, key: impl Into<String>, latency: Duration) {
        self.with(|state| state.latencies.insert(key.into(), latency));
    }

    /// Keeps a value that another program stored, without a call.
    pub fn keep(&self, key: impl Into<String>, text: impl Into<String>, time_to_live: Duration) {
        let value = Value {
            text: text.into(),
            expires: Instant::now() + time_to_live,
        };
        self.with(|state| state.values.insert(key.into(), value));
    }

    /// Forgets a value, without a call.
    pub fn forget(&self, key: &str) {
        self.with(|state| state.values.remove(key));
    }

    /// The value of this key now, without a call.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<String> {
        let now = Instant::now();
        self.with(|state| {
            let value = state.values.get(key)?;
            (now < value.expires).then(|| value.text.clone())
        })
    }

    /// The calls that were sent so far, in the order in which they were.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        let all = self.0.calls.all(|call| {
            let sent = call.start.is_some();
            sent.then(|| call.subject.clone())
        });
        all.into_iter().flatten().collect()
    }

    /// How many calls were sent that have no answer yet, and nobody has given up.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        let waits = |call: &lifecycle::Lifecycle<_, _>| call.start.is_some() && call.end.is_none();
        self.0.calls.count(waits)
    }

    async fn call<T>(
        &self,
        label: String,
        call: Call,
        answer: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let span = tracing::info_span!("store", %label, outcome = field::Empty);
        let key = call.key().to_owned();
        let mut ticket = self.0.calls.made(call, span.clone());
        let answered = async move {
            ticket.started();
            let (health, latency) = self.with(|state| {
                let latency = state.latencies.get(&key).copied();
                (state.health, latency.unwrap_or(self.0.latency))
            });
            match health {
                Health::Up => {
                    if !latency.is_zero() {
                        sleep(latency).await;
                    }
                }
                Health::Down => {
                    ticket.ended(Outcome::Failed);
                    return Err(StoreError::Unavailable);
                }
                Health::Silent => future::pending().await,
            }
            let answer = answer();
            ticket.ended(match answer {
                Ok(_) => Outcome::Answered,
                Err(_) => Outcome::Failed,
            });
            answer
        };
        answered.instrument(span).await
    }

    // Held for a few assignments, and never across an await. Poison is ignored: no value is left half written.
    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, timeout};

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[tokio::test(start_paused = true)]
    async fn a_value_is_there_until_its_time_is_over() {
        let store = Store::new(Duration::ZERO);
        store.set("a", "1", 1000 * MS).await.expect("it is up");
        advance(999 * MS).await;
        assert_eq!(store.get("a").await, Ok(Some("1".into())));
        advance(MS).await;
        assert_eq!(store.get("a").await, Ok(None));
        assert_eq!(store.get("b").await, Ok(None));
    }

    #[tokio::test(start_paused = true)]
    async fn calls_are_counted_and_a_dropped_one_stores_nothing() {
        let store = Store::new(20 * MS);
        drop(store.get("never polled"));
        let late = timeout(10 * MS, store.set("a", "1", 1000 * MS)).await;
        late.expect_err("it takes longer");
        assert_eq!(store.value("a"), None);
        let sent = Call::Set {
            key: "a".into(),
            value: "1".into(),
            time_to_live: 1000 * MS,
        };
        assert_eq!((store.calls(), store.in_flight()), (vec![sent], 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_is_down_fails_and_a_silent_one_never_answers() {
        let store = Store::new(MS);
        store.latency_for("slow", 30 * MS);
        store.keep("slow", "1", 1000 * MS);
        let start = Instant::now();
        assert_eq!(store.get("slow").await, Ok(Some("1".into())));
        assert_eq!(start.elapsed(), 30 * MS);
        store.goes_down();
        assert_eq!(store.get("slow").await, Err(StoreError::Unavailable));
        store.goes_silent();
        let call = timeout(3_600_000 * MS, store.get("slow")).await;
        call.expect_err("nothing answers");
        store.comes_back();
        let set = store.set("slow", "2", Duration::ZERO).await;
        assert_eq!(set, Err(StoreError::NoTimeToLive));
        store.forget("slow");
        assert_eq!(store.get("slow").await, Ok(None));
    }
}
