//! Links once what every answer is linked with: a dynamic library of the crates that most chapters use.
//!
//! An answer is linked again at every save. That takes a third of the time if everything that it links with is in one
//! library.

pub use {async_workbook, futures, tokio, tokio_util};
