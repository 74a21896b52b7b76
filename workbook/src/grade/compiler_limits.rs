//! What the compiler may use for an answer, since code can keep it busy for ever: a constant that loops, a type that
//! doubles at each step, `include_bytes!("/dev/zero")`.
//!
//! What an answer depends on is compiled before it, and may take as long as it takes.

use std::{collections::HashMap, time::Duration};

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};
use tokio::{
    sync::watch,
    task::spawn_blocking,
    time::{self, Instant, MissedTickBehavior},
};

/// What the compiler may use for the answers, once what they depend on is compiled.
#[derive(Clone, Copy, Debug)]
pub struct CompilerLimits {
    /// How long it may take, for all answers that are compiled together. One takes a second or less.
    pub time: Duration,
    /// How many bytes of memory cargo and its compilers may use together. For one answer it is 200 MiB.
    pub memory: u64,
}

impl Default for CompilerLimits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(60),
            memory: 3 << 30,
        }
    }
}

/// What the compiler wanted too much of, and how much it could have had.
#[derive(Clone, Copy, Debug)]
pub(super) enum Exceeded {
    Time(Duration),
    Memory(u64),
}

impl CompilerLimits {
    /// Waits until a limit is exceeded by the process and what it started; for ever if none is. The time counts from when
    /// `ready` libraries are `libraries_ready`.
    ///
    /// # Cancel safety
    ///
    /// It only looks.
    pub(super) async fn exceeded(
        self,
        process: Option<u32>,
        mut libraries_ready: watch::Receiver<usize>,
        all: usize,
    ) -> Exceeded {
        // No compiler needs this long to use up its memory, and most are ready before: nothing is looked at then.
        const PERIOD: Duration = Duration::from_millis(400);
        // The sender outlives this: an error would mean that cargo has ended.
        drop(libraries_ready.wait_for(|&ready| ready >= all).await);
        let end = Instant::now() + self.time;
        let mut ticks = time::interval_at(Instant::now() + PERIOD, PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = time::sleep_until(end) => return Exceeded::Time(self.time),
                _ = ticks.tick() => {}
            }
            let Some(process) = process else { continue };
            // It reads a file for each process of the system.
            let used = spawn_blocking(move || memory_of(Pid::from_u32(process))).await;
            if used.is_ok_and(|used| used > self.memory) {
                return Exceeded::Memory(self.memory);
            }
        }
    }
}

/// How many bytes a process and its descendants have in memory.
fn memory_of(ancestor: Pid) -> u64 {
    // A system that does not say which processes there are leaves it to the time limit.
    let Ok(mut system) = System::new() else {
        return 0;
    };
    let what = ProcessRefreshKind::nothing().with_memory().without_tasks();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, what);
    let mut children: HashMap<Pid, Vec<Pid>> = HashMap::new();
    for (&id, process) in system.processes() {
        if let Some(parent) = process.parent() {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut memory = 0;
    let mut family = vec![ancestor];
    while let Some(id) = family.pop() {
        memory += system.process(id).map_or(0, |process| process.memory());
        family.extend(children.remove(&id).into_iter().flatten());
    }
    memory
}
