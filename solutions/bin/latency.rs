//! Measures, through a real pseudo-terminal, how long the workbook keeps its reader waiting: from the start
//! to the first screen, and from a save to its verdict.
//!
//! ```console
//! $ cargo build && cargo run -p solutions --bin latency
//! ```

use std::{
    error::Error,
    fs,
    time::{Duration, Instant},
};

use solutions::{
    scratch::{Scratch, workbook},
    terminal::{self, Terminal},
};
use workbook::course::Course;

/// How often each is measured; the median counts.
const ROUNDS: usize = 7;

/// The answer to the first task of chapter 03, as the reference has it.
const ANSWER: &str = "join_all(paths.iter().map(|path| upstream.fetch(path))).await";

fn main() -> Result<(), Box<dyn Error>> {
    let course = Course::open(&workbook())?;
    let chapter = course.chapter("03")?;
    let mut scratch = Scratch::new("latency")?;
    let stub = scratch.add_chapter(chapter)?;
    scratch.grader()?;
    let solution = fs::read_to_string(workbook().join(chapter.solution()))?
        .replace("../exercises/hidden", "hidden");
    // Two texts by turns, so that each save is a change and each verdict differs from the one before.
    let wrong = solution.replace(ANSWER, {
        "let mut pages = Vec::new(); for path in paths { pages.push(upstream.fetch(path).await); } pages"
    });
    assert_ne!(
        solution, wrong,
        "the reference of chapter 03 was rewritten; this has to be as well"
    );

    let program = terminal::workbook_program()?;
    let program = program
        .to_str()
        .ok_or("the target folder has a name in UTF-8")?;
    let start = || -> Result<(Terminal, Duration), Box<dyn Error>> {
        let mut command = terminal::command(program, scratch.root());
        command.env("CARGO_TARGET_DIR", scratch.target_dir());
        let since = Instant::now();
        let terminal = Terminal::start(command, 80, 30)?;
        terminal.wait_for("quit");
        Ok((terminal, since.elapsed()))
    };
    fs::write(&stub, &wrong)?;
    let (mut terminal, _) = start()?;
    terminal.type_keys("\r");
    terminal.wait_for("awaits in a loop");

    let mut verdicts = Vec::new();
    for round in 0..2 * ROUNDS {
        let (text, verdict) = if round % 2 == 0 {
            (&solution, "The chapter is passed")
        } else {
            (&wrong, "awaits in a loop")
        };
        let since = Instant::now();
        fs::write(&stub, text)?;
        terminal.wait_for(verdict);
        verdicts.push(since.elapsed());
        // As a person who reads it: the next save finds nothing under way.
        std::thread::park_timeout(Duration::from_millis(200));
    }
    let mut keys = Vec::new();
    let endless = solution.replace(
        ANSWER,
        "let _ = (upstream, paths); loop { std::hint::spin_loop() }",
    );
    fs::write(&stub, &endless)?;
    terminal.wait_for("saving starts anew");
    for _ in 0..ROUNDS {
        for (key, answer) in [
            ("?", "the next hint for the first"),
            ("l", "Chapters"),
            ("b", "Symptom:"),
        ] {
            let since = Instant::now();
            terminal.type_keys(key);
            terminal.wait_for(answer);
            keys.push(since.elapsed());
        }
    }
    terminal.type_keys("x");
    terminal.wait();

    let mut starts = Vec::new();
    for _ in 0..ROUNDS {
        let (mut terminal, took) = start()?;
        starts.push(took);
        terminal.type_keys("x");
        terminal.wait();
    }
    tell("start to first screen", &mut starts);
    tell("key to answer, while an answer hangs", &mut keys);
    tell("save to verdict", &mut verdicts);
    Ok(())
}

fn tell(what: &str, measured: &mut [Duration]) {
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
