//! Shows a known wrong answer as a whole: the reference solution with what the overlay has otherwise.
//!
//! ```console
//! $ cargo run -p proofs --bin compose -- solutions/wrong/03_gather/awaits_in_a_loop.rs
//! $ cargo run -p proofs --bin compose -- --diff solutions/wrong/03_gather/awaits_in_a_loop.rs
//! ```

use std::{
    error::Error,
    io::{self, Write as _},
    path::PathBuf,
};

use clap::Parser;
use proofs::scratch::workbook;
use similar::TextDiff;

/// Shows a known wrong answer as a whole.
#[derive(Parser)]
struct Compose {
    /// The known wrong answer, such as solutions/wrong/03_gather/awaits_in_a_loop.rs.
    overlay: PathBuf,
    /// Show how it differs from the reference instead.
    #[arg(long)]
    diff: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Compose { overlay, diff } = Compose::parse();
    let composed = overlay::compose_file(&workbook(), &overlay)?;
    let shown = if diff {
        let reference = overlay::reference_of(&workbook(), &overlay)?;
        TextDiff::from_lines(&overlay::read_answer(&reference)?, &composed)
            .unified_diff()
            .header(
                &reference.display().to_string(),
                &overlay.display().to_string(),
            )
            .to_string()
    } else {
        composed
    };
    match io::stdout().write_all(shown.as_bytes()) {
        // Whoever reads it has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
