//! Measures, through a real pseudo-terminal, how long the workbook keeps its reader waiting: from the start
//! to the first screen, from a key to what it asks for, and in each chapter from a save to its verdict.
//!
//! ```console
//! $ cargo build && cargo run -p solutions --bin latency                every chapter
//! $ cargo build && cargo run -p solutions --bin latency -- 03 gather   those that are asked for
//! ```

use std::{
    env,
    error::Error,
    fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use solutions::{
    answers::{self, Kind, in_place_of_the_stub},
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
    wrong: String,
    /// What the verdict on the wrong answer says.
    misconception: String,
}

impl Reader {
    fn of(chapter: &Chapter) -> Result<Self, Box<dyn Error>> {
        let mut scratch = Scratch::new("latency")?;
        let stub = scratch.add_chapter(chapter)?;
        scratch.grader()?;
        let original = fs::read_to_string(&stub)?;
        let (wrong, misconception) = wrong_from_the_start(chapter, &original)?;
        Ok(Self {
            scratch,
            stub,
            original,
            right: in_place_of_the_stub(&workbook().join(chapter.solution()))?,
            wrong,
            misconception,
        })
    }

    /// Saves a wrong answer and the right one by turns, so that each verdict differs from the one before.
    fn saves(&self) -> Result<Vec<Duration>, Box<dyn Error>> {
        let mut terminal = self.start_with(&self.wrong)?;
        terminal.type_keys("\r");
        terminal.wait_for(&self.misconception);
        let mut took = Vec::new();
        for round in 0..2 * ROUNDS {
            let (text, verdict) = if round % 2 == 0 {
                (&self.right, "The chapter is passed")
            } else {
                (&self.wrong, &*self.misconception)
            };
            let since = Instant::now();
            fs::write(&self.stub, text)?;
            terminal.wait_for(verdict);
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
        terminal.wait_for("saving starts anew");
        let mut took = Vec::new();
        for _ in 0..ROUNDS {
            for (key, answer) in [
                ("?", "the next hint for the first"),
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

/// A known wrong answer in which the first task is done, so that its verdict is the one on the screen, and what
/// that says.
fn wrong_from_the_start(
    chapter: &Chapter,
    original: &str,
) -> Result<(String, String), Box<dyn Error>> {
    let first_hole = original.lines().find(|line| line.contains("todo!("));
    let mut known = answers::of_chapter(&workbook(), chapter)?;
    answers::without_variants(&mut known);
    for known in known {
        let text = in_place_of_the_stub(&known.file)?;
        if let Kind::Wrong { misconception } = known.kind
            && first_hole.is_none_or(|hole| !text.contains(hole))
        {
            return Ok((text, misconception.replace('_', " ")));
        }
    }
    Err("no wrong answer has the first task in it".into())
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
