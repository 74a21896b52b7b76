//! Measures, through a real pseudo-terminal, how long the workbook keeps its reader waiting: from the start
//! to the first screen, from a key to what it asks for, and in each chapter from a save to its verdict.
//!
//! ```console
//! $ cargo build && cargo run -p proofs --bin latency                every chapter
//! $ cargo build && cargo run -p proofs --bin latency -- 03 gather   those that are asked for
//! ```

use std::{
    env,
    error::Error,
    fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use overlay::{compose, functions};
use proofs::{
    answers::whole,
    scratch::{Scratch, workbook},
    terminal::{self, Terminal},
};
use workbook::course::{Chapter, Course};

/// How often each is measured; the median counts.
const ROUNDS: usize = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let course = Course::open(&workbook())?;
    let filters: Vec<String> = env::args().skip(1).collect();
    for chapter in course.select(&filters)? {
        let what = format!("save to verdict, {}", chapter.slug);
        tell(&what, Reader::of(chapter)?.saves()?);
    }
    // These are the same in every chapter.
    let reader = Reader::of(course.chapter("03")?)?;
    tell("key to answer, while an answer hangs", reader.keys()?);
    tell("start to first screen", reader.starts()?);
    Ok(())
}

/// Somebody who works on a chapter, in a copy of the workbook.
struct Reader {
    scratch: Scratch,
    stub: PathBuf,
    original: String,
    right: String,
}

impl Reader {
    fn of(chapter: &Chapter) -> Result<Self, Box<dyn Error>> {
        let mut scratch = Scratch::new()?;
        let stub = scratch.add_chapter(chapter)?;
        scratch.grader()?;
        let original = fs::read_to_string(&stub)?;
        Ok(Self {
            scratch,
            stub,
            original,
            right: whole(&workbook().join(chapter.solution()))?,
        })
    }

    /// Empties the first task and writes it again, by turns, so that each verdict differs from the one before.
    fn saves(&self) -> Result<Vec<Duration>, Box<dyn Error>> {
        let unfinished = unfinished(&self.right, &self.original)?;
        let mut terminal = self.start_with(&unfinished)?;
        terminal.type_keys("\r");
        let wait_for_a_fault = |terminal: &Terminal| {
            terminal.wait_until("says what is missing", |screen| {
                let text = screen.contents();
                text.contains("not started") || text.contains("wrong:")
            });
        };
        wait_for_a_fault(&terminal);
        let mut took = Vec::new();
        for round in 0..2 * ROUNDS {
            let since = Instant::now();
            if round % 2 == 0 {
                fs::write(&self.stub, &self.right)?;
                terminal.wait_for("The chapter is passed");
            } else {
                fs::write(&self.stub, &unfinished)?;
                wait_for_a_fault(&terminal);
            }
            took.push(since.elapsed());
            // As a person who reads it: the next save finds nothing under way.
            thread::park_timeout(Duration::from_millis(200));
        }
        close(terminal);
        Ok(took)
    }

    /// Asks for things while an answer runs that never ends.
    fn keys(&self) -> Result<Vec<Duration>, Box<dyn Error>> {
        let endless = self.original.replace("todo!(", "endless(");
        let mut terminal = self.start_with(&format!(
            "{endless}\nfn endless<T>(_: &str) -> T {{ loop {{ std::hint::spin_loop() }} }}\n"
        ))?;
        terminal.type_keys("\r");
        terminal.wait_for("save to start again");
        let mut took = Vec::new();
        for _ in 0..ROUNDS {
            for (key, answer) in [
                ("?", "the next hint for the task"),
                ("l", "Chapters"),
                ("B", "Space page"),
            ] {
                let since = Instant::now();
                terminal.type_keys(key);
                terminal.wait_for(answer);
                took.push(since.elapsed());
            }
        }
        close(terminal);
        Ok(took)
    }

    fn starts(&self) -> Result<Vec<Duration>, Box<dyn Error>> {
        let mut took = Vec::new();
        for _ in 0..ROUNDS {
            let since = Instant::now();
            let terminal = self.start_with(&self.right)?;
            took.push(since.elapsed());
            close(terminal);
        }
        Ok(took)
    }

    /// Starts the workbook with this answer, and waits for its first screen.
    fn start_with(&self, answer: &str) -> Result<Terminal, Box<dyn Error>> {
        fs::write(&self.stub, answer)?;
        let program = terminal::workbook_program()?;
        let program = program
            .to_str()
            .ok_or("the target folder has a name in UTF-8")?;
        let mut command = terminal::command(program, self.scratch.root());
        command.env("CARGO_TARGET_DIR", self.scratch.target_dir());
        let terminal = Terminal::start(command, 80, 30)?;
        terminal.wait_for("quit");
        Ok(terminal)
    }
}

/// The answer with its first task emptied, as the stub has it; the stub itself where that has no holes.
fn unfinished(right: &str, stub: &str) -> Result<String, Box<dyn Error>> {
    let functions = functions(stub).map_err(|(line, message)| format!("line {line}: {message}"))?;
    match functions.iter().find(|function| function.is_hole()) {
        Some(hole) => Ok(compose(right, &hole.overlay())?),
        None => Ok(stub.to_owned()),
    }
}

fn close(mut terminal: Terminal) {
    terminal.type_keys("x");
    terminal.wait();
}

fn tell(what: &str, mut measured: Vec<Duration>) {
    measured.sort();
    let ms = |duration: &Duration| duration.as_millis();
    println!(
        "{what:37}  median {} ms, from {} to {} ms, of {}",
        ms(&measured[measured.len() / 2]),
        ms(&measured[0]),
        ms(&measured[measured.len() - 1]),
        measured.len()
    );
}
