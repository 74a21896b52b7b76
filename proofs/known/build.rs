//! Writes the modules of a program of known answers.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let slug = folder.file_name().unwrap_or_default().to_string_lossy();
    let root = folder
        .ancestors()
        .nth(3)
        .ok_or("a folder in proofs/known")?;
    let solutions = root.join("solutions");
    let name = slug.split_once('_').map_or(&*slug, |(_, name)| name);
    println!("cargo::rerun-if-changed=../build.rs");

    let mut answers = vec![("reference".to_owned(), solutions.join(format!("{slug}.rs")))];
    println!("cargo::rerun-if-changed={}", answers[0].1.display());
    for (kind, folder) in [("also", "also"), ("wrong", "wrong")] {
        let folder = solutions.join(folder).join(&*slug);
        println!("cargo::rerun-if-changed={}", folder.display());
        for file in rust_files(&folder)? {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            let answer = format!("{kind}.{stem}");
            let file = if kind == "wrong" {
                let composed = out.join(format!("{stem}.rs"));
                write(&composed, &overlay::compose_file(root, &file)?)?;
                composed
            } else {
                file
            };
            answers.push((answer, file));
        }
    }
    answers.extend(bug_hunt(root, &slug, &out)?);
    // On Linux alone there is something to show some faults with, such as `/dev/full`.
    if env::var("CARGO_CFG_TARGET_OS")? != "linux" {
        answers.retain(|(answer, _)| !answer.ends_with(".linux"));
    }
    write(&out.join("answers.rs"), &modules(name, &answers)?)
}

/// The services of a bug hunt, whose stub has no holes but a fault in each task: the stub itself, and for each task one
/// service in which this fault alone is mended, and one in which it alone is left. All but the first have the
/// reference's other items.
fn bug_hunt(root: &Path, slug: &str, out: &Path) -> Result<Vec<(String, PathBuf)>, Box<dyn Error>> {
    let chapter = root.join(format!("exercises/hidden/{slug}/chapter.toml"));
    println!("cargo::rerun-if-changed={}", chapter.display());
    let chapter = fs::read_to_string(chapter)?;
    if !chapter.lines().any(|line| line == "untouched = \"wrong\"") {
        return Ok(Vec::new());
    }
    let file = root.join(format!("exercises/original/{slug}.rs"));
    println!("cargo::rerun-if-changed={}", file.display());
    let planted = fs::read_to_string(&file)?;
    let reference = fs::read_to_string(root.join(format!("solutions/{slug}.rs")))?;
    let tasks: Vec<&str> = chapter
        .split("[[task]]")
        .skip(1)
        .filter_map(|task| task.split("name = \"").nth(1)?.split('"').next())
        .collect();
    let broken = tasks.iter().try_fold(reference.clone(), |all, task| {
        exchange(&all, task, &planted)
    })?;
    let mut services = vec![("hunt.untouched".to_owned(), file)];
    for task in tasks {
        for (name, service) in [
            (
                format!("hunt.{task}.mended"),
                exchange(&broken, task, &reference)?,
            ),
            (
                format!("hunt.{task}.left"),
                exchange(&reference, task, &planted)?,
            ),
        ] {
            let file = out.join(format!("{name}.rs"));
            write(&file, &service)?;
            services.push((name, file));
        }
    }
    Ok(services)
}

/// `service` with the function of this name as `other` has it.
fn exchange(service: &str, name: &str, other: &str) -> Result<String, Box<dyn Error>> {
    let functions =
        overlay::functions(other).map_err(|(line, error)| format!("line {line}: {error}"))?;
    let function = functions.iter().find(|function| function.name == name);
    let overlay = function
        .ok_or(format!("there is no function `{name}`"))?
        .overlay();
    Ok(overlay::compose(service, &overlay)?)
}

/// A module for each answer, and a table of all.
fn modules(name: &str, answers: &[(String, PathBuf)]) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    for (index, (answer, file)) in answers.iter().enumerate() {
        if answer.starts_with("wrong.") || answer.starts_with("hunt.") {
            // What is wrong with it is for the hidden tests to say.
            writeln!(text, "#[allow(warnings, clippy::all)]")?;
        }
        writeln!(text, "#[path = {file:?}]\nmod a{index};")?;
    }
    writeln!(text, "type Run = fn(&str);\nconst ANSWERS: &[(&str, Run)] = &[")?;
    for (index, (answer, _)) in answers.iter().enumerate() {
        writeln!(
            text,
            "    ({answer:?}, |task| async_workbook::harness::run_task(&hidden_{name}::TASKS, task, &a{index}::hidden::ANSWER)),"
        )?;
    }
    writeln!(text, "];")?;
    Ok(text)
}

/// The Rust files of a folder, in the order of their names.
fn rust_files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "rs") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// Leaves a file alone that has this text already.
fn write(file: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    if fs::read_to_string(file).is_ok_and(|present| present == text) {
        return Ok(());
    }
    Ok(fs::write(file, text)?)
}
