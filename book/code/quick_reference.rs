//! One function for each entry of the quick reference.

mod services;
mod sharing;
mod tasks;
mod waiting;
