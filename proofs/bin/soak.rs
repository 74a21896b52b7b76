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
use futures::TryStreamExt as _;
use proofs::{
    answers::{self, Kind},
    scratch::{Scratch, workbook},
};
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
    let mut scratch = Scratch::new("soak")?;
    for chapter in Course::open(&workbook())?.chapters() {
        let right = answers::of_chapter(&workbook(), chapter)?
            .into_iter()
            .filter(|known| known.kind == Kind::Right);
        for (index, known) in right.enumerate() {
            let target = format!("{}-{index}", chapter.slug);
            scratch.add_file(target, &known.file, &chapter.tasks);
        }
    }
    let grader = scratch.grader()?;
    let load = Load::on_every_core()?;
    let start = Instant::now();
    let mut failed = 0;
    for round in 1..=rounds {
        let graded: Vec<_> = grader.grade(scratch.answers()).await?.try_collect().await?;
        for graded in graded {
            if let Some(verdict) = graded.file_verdict() {
                failed += 1;
                println!("round {round}: {}: {verdict:#?}", graded.file.display());
            }
            for grade in graded.grades() {
                if grade.verdict != Verdict::Passed {
                    failed += 1;
                    println!(
                        "round {round}: {}: {}: {:#?}",
                        graded.file.display(),
                        grade.task,
                        grade.verdict
                    );
                }
            }
        }
        print!("\rround {round} of {rounds}, {failed} failed");
        std::io::stdout().flush()?;
    }
    drop(load);
    println!(
        "\n{} right answers, {rounds} rounds, {failed} tasks failed, {:.0} s",
        scratch.answers().len(),
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
