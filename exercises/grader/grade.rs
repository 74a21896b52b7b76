//! `cargo test -p exercises [-- CHAPTER…]`: grades the stubs.

use async_workbook::{
    check::{Check, CheckError},
    exit::Exit,
};
use clap::Parser as _;

fn main() -> Exit {
    let check = Check::parse();
    match run(&check) {
        Ok(exit) => exit,
        Err(error) => {
            eprintln!("error: {error}");
            error.exit()
        }
    }
}

#[tokio::main]
async fn run(check: &Check) -> Result<Exit, CheckError> {
    check.run().await
}
