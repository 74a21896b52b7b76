//! The questions of a chapter, as a form.
//!
//! mdBook's search reads the text of all elements but `script` and `style`, those in a closed `details`
//! too; it does not read attributes. So that nobody finds an answer by searching, an answer is never the
//! text of an element: it stands in an attribute `data-text`, which the style shows
//! (`[data-text]::before { content: attr(data-text) }`) and the script, where there is one, makes real text.

/// The questions as HTML that has no blank line.
pub(crate) fn html(questions: &[quiz::Question]) -> String {
    format!("<p>{} questions.</p>", questions.len())
}
