//! What answers are linked with, linked once: a dynamic library of the crates that most chapters use.
//!
//! An answer is linked anew at every save. That takes a third of the time if all it links with is in one library.

pub use {async_workbook, futures, tokio, tokio_util};
