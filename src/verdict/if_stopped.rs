//! What it means if the code under study has to be stopped.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::Fault;

/// What a blocking test says beforehand of code that does not come back from what it calls next.
///
/// Under the grader, code that is stopped at its time limit gets the fault that was given last, in place
/// of a verdict that knows nothing but the limit. It decides no verdict: code that comes back in time
/// never sees it. Clones share what they hold.
#[derive(Clone, Default)]
pub struct IfStopped(Arc<Mutex<Option<Diagnosis>>>);

type Diagnosis = Box<dyn Fn() -> Fault + Send>;

impl IfStopped {
    /// Says what it means if the code is stopped from now on. `fault` is called at most once, from a thread
    /// of its own, while the code is still blocked: it must take no lock that the code may hold.
    pub fn it_means(&self, fault: impl Fn() -> Fault + Send + 'static) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(fault));
    }

    /// Takes back what was said: what comes next is the test's own.
    pub fn it_means_nothing(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn fault(&self) -> Option<Fault> {
        let diagnosis = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        diagnosis.as_ref().map(|diagnosis| diagnosis())
    }
}

impl fmt::Debug for IfStopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IfStopped").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_last_holds() {
        let if_stopped = IfStopped::default();
        assert_eq!(if_stopped.fault(), None);
        if_stopped.it_means(|| Fault::new("first"));
        if_stopped.clone().it_means(|| Fault::new("second"));
        assert_eq!(if_stopped.fault(), Some(Fault::new("second")));
        if_stopped.it_means_nothing();
        assert_eq!(if_stopped.fault(), None);
    }
}
