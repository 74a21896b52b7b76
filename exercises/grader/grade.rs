//! `cargo test -p exercises [-- CHAPTER…]`: grades the stubs, as `workbook check` does.

use async_workbook::{check::Check, exit::Exit};
use clap::Parser as _;

#[tokio::main]
async fn main() -> Exit {
    Check::parse().run().await
}
