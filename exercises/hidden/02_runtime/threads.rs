//! What the threads of this process wait for, as Linux tells it.

#[cfg(target_os = "linux")]
pub(crate) use linux::Threads;
#[cfg(not(target_os = "linux"))]
pub(crate) use unknown::Threads;

#[cfg(target_os = "linux")]
mod linux {
    use std::{collections::BTreeMap, fs};

    /// The threads of this process, looked at by one of them.
    pub(crate) struct Threads {
        /// The one that looks.
        here: String,
        /// Those that were there before: the program's own, which are known to wait, some of them with a time limit.
        before: Vec<String>,
    }

    /// How often each thread has stopped running, by its id.
    type Stops = BTreeMap<String, String>;

    impl Threads {
        /// Those of this process, as this thread finds them; `None` if the system does not tell.
        pub(crate) fn of_this_process() -> Option<Self> {
            let here = fs::read_link("/proc/thread-self").ok()?;
            let threads = Self {
                here: here.file_name()?.to_str()?.to_owned(),
                before: ids()?,
            };
            // A process that may not look at itself sees nothing here.
            fs::read_to_string("/proc/thread-self/syscall").ok()?;
            Some(threads)
        }

        /// Whether there was a moment, just now, at which every thread waited for another of them.
        pub(crate) fn are_still(&self) -> bool {
            self.waiting()
                .is_some_and(|first| self.waiting() == Some(first))
        }

        /// `None` unless each thread waits.
        fn waiting(&self) -> Option<Stops> {
            let ids = ids()?;
            let status = fs::read_to_string("/proc/self/status").ok()?;
            // The listing misses some if others end meanwhile.
            (field(&status, "Threads")?.parse() == Ok(ids.len())).then_some(())?;
            let others = ids.into_iter().filter(|id| *id != self.here);
            others
                .map(|id| self.stops(&id).map(|stops| (id, stops)))
                .collect()
        }

        /// How often this thread has stopped running, if it waits.
        fn stops(&self, id: &str) -> Option<String> {
            let read = |file| fs::read_to_string(format!("/proc/self/task/{id}/{file}")).ok();
            let stops = || {
                let status = read("status")?;
                // One that has been woken, and has not run yet, no longer sleeps.
                field(&status, "State")?.starts_with('S').then_some(())?;
                field(&status, "voluntary_ctxt_switches").map(str::to_owned)
            };
            let first = stops()?;
            let waits = is_untimed_wait(&read("syscall")?)? || self.before.iter().any(|b| b == id);
            (waits && stops()? == first).then_some(first)
        }
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

    /// Whether this system call, as the system shows it, waits for another thread and for nothing else. `None` of a thread
    /// that runs.
    ///
    /// Locks, channels and `park` wait for a futex; a runtime's driver waits for an epoll, for its timers and sockets. Both take a
    /// time limit as their fourth argument.
    fn is_untimed_wait(call: &str) -> Option<bool> {
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
        Some(
            match FUTEX_AND_EPOLLS.iter().position(|&known| known == number) {
                Some(0) => limit == 0,
                // A limit of -1, which is an `int`.
                Some(_) => limit & 0xffff_ffff == 0xffff_ffff,
                None => false,
            },
        )
    }
}

#[cfg(not(target_os = "linux"))]
mod unknown {
    /// What other systems tell of threads is not enough.
    pub(crate) struct Threads;

    impl Threads {
        pub(crate) fn of_this_process() -> Option<Self> {
            None
        }

        pub(crate) fn are_still(&self) -> bool {
            false
        }
    }
}
