//! The programs that pages of the book show which belong to no lesson. Each is a test.

mod a_future;
mod call;
mod from_csharp;
mod from_python;
mod growth;
mod hang_up;
mod measured;
mod messages;
mod quick_reference;
mod when_to_use_async;
mod workers;
