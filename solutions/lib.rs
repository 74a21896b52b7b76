//! What the tests of the workbook need: the known answers, scratch copies of the workbook in which any
//! answer can be graded without touching the learner's own, and a terminal that a program can look at.
//!
//! The answers themselves stand beside this file: the reference solution of each chapter in
//! `03_gather.rs`, others that are just as right in `also/03_gather/`, and the known wrong ones in
//! `wrong/03_gather/`, each named for its misconception.

pub mod answers;
pub mod scratch;
pub mod terminal;
