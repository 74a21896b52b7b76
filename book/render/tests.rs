//! What is rendered, and what is refused.

mod book;
pub(crate) mod fixture;
mod refused;
mod served;
