//! Makes the chunks longer, so there are fewer of them.

pub const CHUNK: usize = 2 * 4096;
