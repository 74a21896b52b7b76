//! Grades every right answer many times over while all cores are kept busy: none may ever fail.
//!
//! ```console
//! $ cargo run -p proofs --bin soak                  200 rounds
//! $ cargo run -p proofs --bin soak -- --rounds 10
//! ```

use std::{
    error::Error,
    io::Write as _,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Instant,
};

use async_workbook::verdict::Verdict;
use clap::Parser;
use futures::{TryFutureExt as _, future::try_join_all};
use proofs::{
    answers::{self, Kind},
    programs::{self, Programs},
    scratch::workbook,
};
use tokio::sync::Semaphore;
use workbook::course::Course;

/// Grades every right answer many times over while all cores are kept busy.
#[derive(Parser)]
struct Soak {
    /// How many times.
    #[arg(long, default_value_t = 200)]
    rounds: u32,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let rounds = Soak::parse().rounds;
    let course = Course::open(&workbook())?;
    let chapters: Vec<_> = course.chapters().iter().collect();
    let programs = Programs::build(&chapters)?;
    let mut right = Vec::new();
    for chapter in chapters {
        for known in answers::of_chapter(&workbook(), chapter)? {
            if known.kind == Kind::Right {
                right.push((programs.of(chapter, &known), known, &chapter.tasks));
            }
        }
    }
    let grader = programs::grader()?;
    let processes = Semaphore::new(grader.limits.processes.get());
    let load = Load::on_every_core()?;
    let start = Instant::now();
    let mut failed = 0;
    for round in 1..=rounds {
        let graded = right.iter().map(|(program, known, tasks)| {
            let grades = grader.grade_program(program, tasks, &processes);
            grades.map_ok(move |grades| (known, grades))
        });
        for (known, grades) in try_join_all(graded).await? {
            for grade in grades {
                if grade.verdict != Verdict::Passed {
                    failed += 1;
                    let (answer, task) = (known.file.display(), &grade.task);
                    println!("round {round}: {answer}: {task}: {:#?}", grade.verdict);
                }
            }
        }
        print!("\rround {round} of {rounds}, {failed} failed");
        std::io::stdout().flush()?;
    }
    drop(load);
    println!(
        "\n{} right answers, {rounds} rounds, {failed} tasks failed, {:.0} s",
        right.len(),
        start.elapsed().as_secs_f64()
    );
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A thread a core that does nothing but keep it busy, until this is dropped.
struct Load {
    stop: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Load {
    fn on_every_core() -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let threads = (0..thread::available_parallelism()?.get())
            .map(|_| {
                let stop = Arc::clone(&stop);
                thread::spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        std::hint::spin_loop();
                    }
                })
            })
            .collect();
        Ok(Self { stop, threads })
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread
                .join()
                .expect("a thread that only spins does not panic");
        }
    }
}
