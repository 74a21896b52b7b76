//! What is rendered, and what is refused.

mod book;
mod fixture;
mod refused;
mod served;
