//! The programs that pages of the book show which belong to no lesson. Each is a test.

mod growth;
mod call;
mod quick_reference;
