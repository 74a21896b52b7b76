//! What chapter 09 says of locks, of waiting for a change, and of the state of a service.

mod locks;
mod once;
mod service;
mod waiting;
