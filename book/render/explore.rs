//! Timelines whose figures the reader changes.

/// The one of this name, as HTML that has no blank line; `None` if there is none.
pub(crate) fn html(name: &str) -> Option<String> {
    let names = ["gather", "timeouts", "semaphores"];
    names
        .contains(&name)
        .then(|| format!("<p>The timeline of {name}.</p>"))
}
