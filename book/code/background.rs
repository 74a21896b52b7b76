//! What chapter 07 says of work that outlives a request: why it does, after what, on which thread, and until when.

mod blocking_job;
mod commit;
mod request;
#[expect(dead_code, reason = "its `main` is that of an example")]
mod service;
