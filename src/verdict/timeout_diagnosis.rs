//! What it means if the code under study does not come back before its time limit.

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
pub struct TimeoutDiagnosis(Arc<Mutex<Option<Diagnosis>>>);

type Diagnosis = Box<dyn Fn() -> Fault + Send>;

impl TimeoutDiagnosis {
    /// Sets what it means if the code is stopped from now on. `fault` is called at most once, from a thread
    /// of its own, while the code is still blocked: it must take no lock that the code may hold.
    pub fn set(&self, fault: impl Fn() -> Fault + Send + 'static) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(fault));
    }

    /// Takes back what was said: what comes next is the test's own.
    pub fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn fault(&self) -> Option<Fault> {
        let diagnosis = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        diagnosis.as_ref().map(|diagnosis| diagnosis())
    }
}

impl fmt::Debug for TimeoutDiagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimeoutDiagnosis").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_last_holds() {
        let diagnosis = TimeoutDiagnosis::default();
        assert_eq!(diagnosis.fault(), None);
        diagnosis.set(|| Fault::new("first"));
        diagnosis.clone().set(|| Fault::new("second"));
        assert_eq!(diagnosis.fault(), Some(Fault::new("second")));
        diagnosis.clear();
        assert_eq!(diagnosis.fault(), None);
    }
}
