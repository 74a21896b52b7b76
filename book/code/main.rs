//! The programs that pages of the book show which belong to no lesson. Each is a test.

mod a_future;
mod admission;
mod any_number;
mod background;
mod blocking;
mod call;
mod deadlocks;
mod drawn;
mod from_csharp;
mod from_python;
mod growth;
mod hang_up;
mod in_production;
mod measured;
mod messages;
mod quick_reference;
mod select;
mod shared_state;
mod stand_still;
mod stealing;
mod structured;
mod two_layers;
mod two_requests;
mod when_to_use_async;
mod workers;
