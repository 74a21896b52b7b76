//! `cargo test -p exercises [-- CHAPTER…]`: grades the stubs, as `workbook check` does.

use clap::Parser as _;
use workbook::{commands::check::Check, exit::Exit};

#[tokio::main]
async fn main() -> Exit {
    Check::parse().run().await
}
