//! What proves that the graders are right: the known answers, found in `solutions`, scratch copies of the
//! workbook in which any answer can be graded without touching the learner's own, and a terminal that a
//! program can look at.

pub mod answers;
pub mod programs;
pub mod scratch;
pub mod terminal;
