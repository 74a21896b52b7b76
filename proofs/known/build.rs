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

    let file = overlay::root_of(&solutions, &slug);
    // An answer with several files: the others differ from the reference in parts, as wrong ones do.
    let is_folder = file.ends_with("main.rs");
    let reference_path = match file.parent() {
        Some(folder) if is_folder => folder,
        _ => &file,
    };
    println!("cargo::rerun-if-changed={}", reference_path.display());
    let reference = overlay::read_answer(&file)?;
    let (mut whole, mut parts) = (Vec::new(), Vec::new());
    let also = solutions.join("also").join(&*slug);
    println!("cargo::rerun-if-changed={}", also.display());
    for file in rust_files(&also)? {
        let answer = format!("also.{}", stem(&file));
        match is_folder {
            true => parts.push((answer, overlay::compose_file(root, &file)?)),
            false => whole.push((answer, file)),
        }
    }
    // Where the last line implements a trait for one of the learner's types, each answer needs the type for itself.
    let hidden = root.join(format!("exercises/hidden/{slug}/lib.rs"));
    println!("cargo::rerun-if-changed={}", hidden.display());
    // What is in a module of the reference can't be told apart from outside.
    let is_shared = !is_folder && !fs::read_to_string(hidden)?.contains(" for super::");
    let wrong = solutions.join("wrong").join(&*slug);
    println!("cargo::rerun-if-changed={}", wrong.display());
    for file in rust_files(&wrong)? {
        let answer = overlay::compose_file(root, &file)?;
        parts.push((format!("wrong.{}", stem(&file)), answer));
    }
    parts.extend(bug_hunt(root, &slug, &reference)?);
    // On Linux alone there is something to show some faults with, such as `/dev/full`.
    if env::var("CARGO_CFG_TARGET_OS")? != "linux" {
        parts.retain(|(answer, _)| !answer.ends_with(".linux"));
    }
    write_modules(&out, name, &reference, &whole, &parts, is_shared)
}

fn stem(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// A module for the reference, one in it for each answer that differs from it in parts, one for each other answer, and a
/// table of all. Unless it `is_shared`, an answer has the whole of the reference besides.
fn write_modules(
    out: &Path,
    name: &str,
    reference: &str,
    whole: &[(String, PathBuf)],
    parts: &[(String, String)],
    is_shared: bool,
) -> Result<(), Box<dyn Error>> {
    let mut paths = vec![("reference".to_owned(), "reference".to_owned())];
    let mut root = reference.to_owned();
    for (index, (answer, text)) in parts.iter().enumerate() {
        let file = out.join(format!("{answer}.rs"));
        let part = match is_shared {
            true => overlay::beside(reference, text)?,
            false => text.clone(),
        };
        write(&file, &part)?;
        // What is wrong with it is for the hidden tests to say.
        writeln!(root, "#[allow(warnings, clippy::all)]")?;
        writeln!(root, "#[path = {file:?}]\npub mod part{index};")?;
        paths.push((answer.clone(), format!("reference::part{index}")));
    }
    let file = out.join("reference.rs");
    write(&file, &root)?;
    let mut text = format!("#[path = {file:?}]\nmod reference;\n");
    for (index, (answer, file)) in whole.iter().enumerate() {
        writeln!(text, "#[path = {file:?}]\nmod whole{index};")?;
        paths.push((answer.clone(), format!("whole{index}")));
    }
    writeln!(
        text,
        "type Run = fn(&str);\nconst ANSWERS: &[(&str, Run)] = &["
    )?;
    for (answer, path) in &paths {
        writeln!(
            text,
            "    ({answer:?}, |task| async_workbook::harness::run_task(&hidden_{name}::TASKS, task, &{path}::hidden::ANSWER)),"
        )?;
    }
    writeln!(text, "];")?;
    write(&out.join("answers.rs"), &text)
}

/// The services of a bug hunt, whose stub has no holes but planted faults: the stub itself, and for each fault one service
/// in which it alone is mended, and one in which it alone is left. All but the first have the reference's other items.
fn bug_hunt(
    root: &Path,
    slug: &str,
    reference: &str,
) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let chapter = root.join(format!("exercises/hidden/{slug}/chapter.toml"));
    println!("cargo::rerun-if-changed={}", chapter.display());
    let chapter = fs::read_to_string(chapter)?;
    let tasks: Vec<&str> = chapter
        .split("[[task]]")
        .skip(1)
        .filter(|task| task.lines().any(|line| line.starts_with("planted = ")))
        .filter_map(|task| task.split("name = \"").nth(1)?.split('"').next())
        .collect();
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let file = root.join(format!("exercises/original/{slug}.rs"));
    println!("cargo::rerun-if-changed={}", file.display());
    let planted = fs::read_to_string(&file)?;
    let broken = tasks.iter().try_fold(reference.to_owned(), |all, task| {
        exchange(&all, task, &planted)
    })?;
    let mut services = vec![("hunt.untouched".to_owned(), planted.clone())];
    for task in tasks {
        let mended = exchange(&broken, task, reference)?;
        services.push((format!("hunt.{task}.mended"), mended));
        let left = exchange(reference, task, &planted)?;
        services.push((format!("hunt.{task}.left"), left));
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
