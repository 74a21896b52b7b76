//! What `cargo bench` does before anything is measured.
//!
//! - [`programs`]: which benches are asked for
//! - [`cargo`]: has cargo build and run them
//! - [`cost`]: how much of that is to be compiled, said beforehand
//! - [`outer_cargo`]: takes out of an environment what the outer cargo put into it

pub mod cargo;
pub mod cost;
#[path = "../workbook/src/grade/outer_cargo.rs"]
pub mod outer_cargo;
pub mod programs;
