//! `cargo bench`: how much faster it gets when waits overlap, a pair of benches for each scenario.
//!
//!     cargo bench            every chapter
//!     cargo bench -- 03      one chapter
//!
//! Each `NN_slug.rs` beside this file is found by itself, and has a function `bench`. The scenarios have
//! the proportions of the source documents at a tenth of their length or less, as each one says.

use criterion::Criterion;

mod pair;

include!(concat!(env!("OUT_DIR"), "/chapters.rs"));

fn main() {
    // What varies is the timer's last millisecond, not the machine's mood: few samples tell enough.
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_millis(1500))
        .configure_from_args();
    for bench in CHAPTERS {
        bench(&mut criterion);
    }
    criterion.final_summary();
}
