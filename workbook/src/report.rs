//! What is said to learners and to programs of what the grader found, and of the course.
//!
//! All formats of a graded chapter are made of one [`model`]. [`Text`](crate::text::Text) is for people.

mod chapter;
pub mod classroom50;
mod course;
pub mod exercism;
pub mod gradescope;
pub mod json;
pub mod junit;
pub mod model;
mod pass;
pub mod plain;
mod question;
pub mod rustc;
mod status;
mod verdict;

pub use chapter::{Unfolded, graded_text, ungraded_text};
pub use course::passed_text;
pub use question::{
    answered_text, asked_text, hints_text, prediction_text, question_text, score_text,
};
pub use status::{chapter_line, signs, state_span, state_text, status_sign, welcome};
