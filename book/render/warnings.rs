//! What mdBook only warns of, such as an HTML element that is never closed, is a fault of a page here.

use std::{
    fmt::{Debug, Write as _},
    sync::{Arc, Mutex, PoisonError},
};

use mdbook_driver::errors::{Error, Result};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    subscriber,
};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt as _, registry};

/// Runs `work` on this thread, and fails with every warning that it gave.
///
/// # Errors
///
/// `work` fails, or succeeds with a warning.
pub(crate) fn refused<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    let warnings = Warnings::default();
    let done = subscriber::with_default(registry().with(warnings.clone()), work)?;
    let warnings = warnings.0.lock().unwrap_or_else(PoisonError::into_inner);
    if warnings.is_empty() {
        Ok(done)
    } else {
        Err(Error::msg(warnings.join("\n")))
    }
}

#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Warnings {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // The lesser a level, the graver.
        if *event.metadata().level() <= Level::WARN {
            let mut message = Message::default();
            event.record(&mut message);
            let mut warnings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            warnings.push(message.0);
        }
    }
}

#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            write!(self.0, "{value:?}").expect("a String takes every write");
        }
    }
}
