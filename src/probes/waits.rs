//! How often the current thread has waited: for time to pass, for a lock, for another thread, or for a device.
//!
//! A thread that waits gives the processor up of its own accord, and Linux counts how often each one does (the
//! "voluntary context switches" of `proc_pid_status(5)`). Code that keeps an event loop waiting shows in this count
//! however short the wait and however busy the machine: a thread that is merely interrupted is counted elsewhere.

/// The waits of the current thread since [`Waits::start`].
#[derive(Debug)]
pub struct Waits {
    before: u64,
}

impl Waits {
    /// Begins to count; `None` where the system does not.
    #[must_use]
    pub fn start() -> Option<Self> {
        Some(Self { before: so_far()? })
    }

    /// How often the thread has waited since. To be asked on the thread that began to count: each has a count of its own.
    #[must_use]
    pub fn count(&self) -> u64 {
        so_far().map_or(0, |waits| waits.saturating_sub(self.before))
    }
}

#[cfg(target_os = "linux")]
fn so_far() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/thread-self/status").ok()?;
    let line = |line: &str| {
        line.strip_prefix("voluntary_ctxt_switches:")?
            .trim()
            .parse()
            .ok()
    };
    status.lines().find_map(line)
}

#[cfg(not(target_os = "linux"))]
fn so_far() -> Option<u64> {
    None
}

#[cfg(all(test, target_os = "linux"))]
#[expect(
    clippy::disallowed_methods,
    reason = "a blocked thread is what these tests count"
)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::*;
    use crate::clock::Clock;

    #[test]
    fn each_sleep_is_a_wait() {
        let waits = Waits::start().expect("Linux counts waits");
        for _ in 0..20 {
            thread::sleep(Duration::from_nanos(1));
        }
        assert!(waits.count() >= 20, "{} waits", waits.count());
    }

    #[test]
    fn waiting_for_another_thread_is_a_wait() {
        let waits = Waits::start().expect("Linux counts waits");
        let (sender, receiver) = mpsc::channel::<()>();
        let other = thread::spawn(move || {
            thread::sleep(Duration::from_millis(5));
            drop(sender);
        });
        receiver.recv().expect_err("nothing is ever sent");
        other.join().expect("it does not panic");
        assert!(waits.count() >= 1);
    }

    #[test]
    fn timers_on_the_paused_clock_are_none() {
        let runtime = Clock::Virtual.runtime().expect("build a runtime");
        let waits = runtime.block_on(async {
            let waits = Waits::start().expect("Linux counts waits");
            for _ in 0..1000 {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            waits.count()
        });
        // Not 0: the tests beside this one share an allocator, and a lock of it may be waited for.
        assert!(waits < 100, "{waits} waits");
    }
}
