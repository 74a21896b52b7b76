//! The learner's `Background`, as the hidden tests use it.

use std::{ops::Deref, sync::Arc};

use async_workbook::verdict::catch_panic_blocking;

use crate::{Answer, Owner};

/// A `Background` that can be dropped without disturbing a test. A panic in its `drop`, such as that of a runtime that
/// a task drops, would replace the fault that the test has found.
pub(crate) struct Background(Option<Arc<dyn Owner>>);

impl Background {
    pub(crate) fn new(answer: &Answer, limit: usize) -> Self {
        Self(Some((answer.new)(limit)))
    }

    pub(crate) fn share(&self) -> Arc<dyn Owner> {
        Arc::clone(self.0.as_ref().expect("it's there until it's dropped"))
    }
}

impl Deref for Background {
    type Target = dyn Owner;

    fn deref(&self) -> &Self::Target {
        &**self.0.as_ref().expect("it's there until it's dropped")
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let owner = self.0.take();
        let _panicked = catch_panic_blocking(|| drop(owner));
    }
}
