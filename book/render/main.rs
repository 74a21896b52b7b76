//! Renders the book.

fn main() {}
