//! What the page "What the compiler says" shows besides the programs that do not compile, which are in
//! `messages/refused`: the same programs once they are mended, and programs that fail while they run.

mod mended;
mod running;
