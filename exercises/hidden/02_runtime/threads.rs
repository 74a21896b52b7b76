//! What the threads of this process wait for, as Linux tells it.

use std::time::Duration;

/// What the threads of this process do, except the one that looks and those that were there before.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Activity {
    /// Some of them may run.
    Busy,
    /// There was a moment, just now, when all of them waited, some of them with a time limit.
    Idle,
    /// The same, and no time limit is shorter than [`PATIENCE`].
    Dormant,
    /// There was a moment, just now, when each of them waited for another of them: nothing can go on any more.
    Still,
}

/// How long to wait for a thread that waits with a time limit. It never decides a verdict against an answer: a longer
/// time limit goes unnoticed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(3);

#[cfg(target_os = "linux")]
pub(crate) use linux::Threads;
#[cfg(not(target_os = "linux"))]
pub(crate) use unknown::Threads;

#[cfg(target_os = "linux")]
mod linux {
    use std::{collections::BTreeMap, fs, time::Duration};

    use super::{Activity, PATIENCE};

    /// The threads of this process, looked at by one of them.
    pub(crate) struct Threads {
        /// The one that looks.
        here: String,
        /// Those that were there before. They're the program's own and known to wait, some of them with a time limit.
        before: Vec<String>,
    }

    /// What each of them waits for, by its id.
    type Waits = BTreeMap<String, Wait>;

    #[derive(Eq, PartialEq)]
    struct Wait {
        /// How often the thread has stopped running.
        stops: String,
        /// `None` if only another thread can end the wait. If nothing else is known, it's zero.
        limit: Option<Duration>,
    }

    impl Threads {
        /// Those of this process, as this thread finds them, or `None` if the system doesn't tell.
        pub(crate) fn of_this_process() -> Option<Self> {
            let here = fs::read_link("/proc/thread-self").ok()?;
            let threads = Self {
                here: here.file_name()?.to_str()?.to_owned(),
                before: ids()?,
            };
            // A process that isn't allowed to look at itself sees nothing here.
            fs::read_to_string("/proc/thread-self/syscall").ok()?;
            Some(threads)
        }

        pub(crate) fn activity(&self) -> Activity {
            let Some(first) = self.waits() else {
                return Activity::Busy;
            };
            // A thread that waited both times, and didn't run in between, waited all the while.
            if self.waits().as_ref() != Some(&first) {
                return Activity::Busy;
            }
            let of_the_test = |(id, _): &(&String, &Wait)| !self.before.contains(id);
            let waits = first.iter().filter(of_the_test);
            match waits.filter_map(|(_, wait)| wait.limit).min() {
                None => Activity::Still,
                Some(limit) if limit > PATIENCE => Activity::Dormant,
                Some(_) => Activity::Idle,
            }
        }

        /// How long these threads have had a processor, together. The system counts in hundredths of a second.
        pub(crate) fn processor_time(&self) -> Duration {
            let others = ids().into_iter().flatten();
            others
                .filter(|id| *id != self.here && !self.before.contains(id))
                .filter_map(|id| processor_time(&id))
                .sum()
        }

        /// `None` unless each thread waits.
        fn waits(&self) -> Option<Waits> {
            let ids = ids()?;
            let status = fs::read_to_string("/proc/self/status").ok()?;
            // The listing misses some threads if others end meanwhile.
            (field(&status, "Threads")?.parse() == Ok(ids.len())).then_some(())?;
            let others = ids.into_iter().filter(|id| *id != self.here);
            others
                .map(|id| Wait::of(&id).map(|wait| (id, wait)))
                .collect()
        }
    }

    impl Wait {
        /// `None` if this thread may run.
        fn of(id: &str) -> Option<Self> {
            let read = |file| fs::read_to_string(format!("/proc/self/task/{id}/{file}")).ok();
            let stops = || {
                let status = read("status")?;
                // A thread that has been woken, but hasn't run yet, no longer sleeps.
                field(&status, "State")?.starts_with('S').then_some(())?;
                field(&status, "voluntary_ctxt_switches").map(str::to_owned)
            };
            let first = stops()?;
            let limit = limit_of(&read("syscall")?)?;
            (stops()? == first).then_some(Self {
                stops: first,
                limit,
            })
        }
    }

    fn processor_time(id: &str) -> Option<Duration> {
        const TICK: Duration = Duration::from_millis(10);
        let stat = fs::read_to_string(format!("/proc/self/task/{id}/stat")).ok()?;
        // The thread's name, which may have spaces and parentheses, ends before the third field.
        let (_, fields) = stat.rsplit_once(')')?;
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks: u32 = ticks.filter_map(|ticks| ticks.parse::<u32>().ok()).sum();
        Some(TICK * ticks)
    }

    fn ids() -> Option<Vec<String>> {
        fs::read_dir("/proc/self/task")
            .ok()?
            .map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect()
    }

    fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
        status.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            (field == name).then(|| value.trim())
        })
    }

    /// The time limit of the wait in this system call, as the system shows it. It shows no call for a thread that runs.
    ///
    /// Locks, channels and `park` wait on a futex. A runtime's driver waits on an epoll, for its timers and sockets. Both
    /// take their limit as the fourth argument.
    fn limit_of(call: &str) -> Option<Option<Duration>> {
        #[cfg(target_arch = "x86_64")]
        const FUTEX_AND_EPOLLS: [u64; 3] = [202, 232, 281];
        #[cfg(target_arch = "aarch64")]
        const FUTEX_AND_EPOLLS: [u64; 2] = [98, 22];
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        const FUTEX_AND_EPOLLS: [u64; 0] = [];

        let mut words = call.split_whitespace();
        let number: u64 = words.next()?.parse().ok()?;
        let limit = words.nth(3)?.strip_prefix("0x")?;
        let limit = u64::from_str_radix(limit, 16).ok()?;
        let known = FUTEX_AND_EPOLLS.iter().position(|&known| known == number);
        Some(match (known, limit & 0xffff_ffff) {
            // A null pointer.
            (Some(0), _) if limit == 0 => None,
            // An `int` of milliseconds: -1.
            (Some(1..), 0xffff_ffff) => None,
            (Some(1..), millis) => Some(Duration::from_millis(millis)),
            _ => Some(Duration::ZERO),
        })
    }
}

#[cfg(not(target_os = "linux"))]
mod unknown {
    use std::time::Duration;

    use super::Activity;

    /// What other systems tell about threads isn't enough.
    pub(crate) struct Threads;

    impl Threads {
        pub(crate) fn of_this_process() -> Option<Self> {
            None
        }

        pub(crate) fn activity(&self) -> Activity {
            Activity::Busy
        }

        pub(crate) fn processor_time(&self) -> Duration {
            Duration::ZERO
        }
    }
}
