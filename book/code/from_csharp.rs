//! What the page for readers who come from C# shows, and what it says of it.

mod ending;
mod flow;
mod starting;
