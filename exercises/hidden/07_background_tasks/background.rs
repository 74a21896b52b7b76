//! The learner's `Background`, as the hidden tests have it.

use std::{ops::Deref, sync::Arc};

use async_workbook::verdict::catch_panic_blocking;

use crate::{Answer, Owner};

/// A `Background` whose end is none of a test's business: what panics then, such as a runtime that a task drops, would
/// take the place of the fault that had been found.
pub(crate) struct Background(Option<Arc<dyn Owner>>);

impl Background {
    pub(crate) fn new(answer: &Answer, limit: usize) -> Self {
        Self(Some((answer.new)(limit)))
    }

    pub(crate) fn share(&self) -> Arc<dyn Owner> {
        Arc::clone(self.0.as_ref().expect("it is there until it is dropped"))
    }
}

impl Deref for Background {
    type Target = dyn Owner;

    fn deref(&self) -> &Self::Target {
        &**self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let owner = self.0.take();
        let _panicked = catch_panic_blocking(|| drop(owner));
    }
}
