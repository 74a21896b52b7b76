//! Lists the chapters that have a bench, so that a chapter is added by adding its file.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::var("CARGO_MANIFEST_DIR")?;
    println!("cargo::rerun-if-changed={folder}");

    let mut chapters = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        if is_rust && stem.starts_with(|first: char| first.is_ascii_digit()) {
            chapters.push((stem.into_owned(), path));
        }
    }
    chapters.sort();

    let mut code = String::new();
    for (slug, path) in &chapters {
        code += &format!("#[path = {path:?}]\nmod chapter_{slug};\n");
    }
    code += "/// What benches a chapter.\n";
    code += "const CHAPTERS: &[fn(&mut suite::Suite)] = &[\n";
    for (slug, _) in &chapters {
        code += &format!("    chapter_{slug}::bench,\n");
    }
    code += "];\n";
    fs::write(Path::new(&env::var("OUT_DIR")?).join("chapters.rs"), code)?;
    Ok(())
}
