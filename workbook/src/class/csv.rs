//! What came of a class, as a table for spreadsheets: a row a learner, a column a task.

use super::ClassResult;
use crate::grade::State;

/// The table.
#[must_use]
pub fn document(class: &ClassResult) -> String {
    write(class).expect("write the table to memory")
}

fn write(class: &ClassResult) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let chapters = class.chapters.iter();
    let tasks = chapters.flat_map(|chapter| {
        let tasks = chapter.tasks.iter();
        tasks.map(|task| format!("{}/{}", chapter.slug, task.name))
    });
    let head = ["learner", "earned", "possible"].map(str::to_owned);
    writer.write_record(head.into_iter().chain(tasks))?;
    for learner in &class.learners {
        let row = [
            as_text(&learner.name),
            class.earned(learner).to_string(),
            class.possible().to_string(),
        ];
        let states = class
            .tasks(learner)
            .map(|(.., task)| state_name(task.state).to_owned());
        writer.write_record(row.into_iter().chain(states))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A name that spreadsheets take for text. Those that begin like a formula would be computed.
fn as_text(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{name}")
    } else {
        name.to_owned()
    }
}

/// The state as it is written: `not_started`.
pub(super) fn state_name(state: State) -> &'static str {
    match state {
        State::Passed => "passed",
        State::Wrong => "wrong",
        State::NotStarted => "not_started",
        State::NotGraded => "not_graded",
    }
}
