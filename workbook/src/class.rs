//! What a class handed in: all of it graded, and what came of it as a table.
//!
//! A learner is a folder, and nothing is known of the person but its name. Each answer is graded once, whoever handed it
//! in: what came of it is [`Kept`] with the answer, so that a run that was stopped goes on where it was.

pub mod csv;
mod grading;
pub mod html;
pub mod json;
mod kept;
mod learner;
mod result;
mod text;

pub use grading::{Done, Grading, begun};
pub use kept::Kept;
pub use learner::Learner;
pub use result::{Cause, ChapterResult, ClassResult, LearnerResult, Mistake, TaskResult};
pub use text::{class_text, learner_line};
