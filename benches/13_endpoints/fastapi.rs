//! The same endpoint with FastAPI, where there is Python, in an environment that holds exact versions of it.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// A running service. Dropping it ends it.
pub(crate) struct FastApi {
    service: Child,
    pub(crate) base: String,
}

impl FastApi {
    /// Starts the service, or says why it can't. It installs FastAPI first, unless it has done so before or `may_install`
    /// is false.
    pub(crate) fn start(may_install: bool) -> Result<Self, String> {
        let python = environment(may_install)?;
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../13_endpoints/service.py");
        let mut service = Command::new(&python)
            .arg(file)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} can't be started: {error}", python.display()))?;
        let mut port = String::new();
        if let Some(output) = service.stdout.take() {
            let read = BufReader::new(output).read_line(&mut port);
            read.map_err(|error| format!("it named no port: {error}"))?;
        }
        let port: u16 = port
            .trim()
            .parse()
            .map_err(|_| "it ended before it named its port".to_owned())?;
        Ok(Self {
            service,
            base: format!("http://127.0.0.1:{port}"),
        })
    }
}

impl Drop for FastApi {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.service.kill());
        drop(self.service.wait());
    }
}

/// The Python that has these packages, in a folder below `target`.
fn environment(may_install: bool) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("13_endpoints_fastapi");
    let python = match cfg!(windows) {
        true => folder.join("Scripts/python.exe"),
        false => folder.join("bin/python"),
    };
    // Written last, so that an environment which was only half made is made again.
    let installed = folder.join("installed.txt");
    if std::fs::read_to_string(&installed).is_ok_and(|text| text == REQUIREMENTS) {
        return Ok(python);
    }
    if !may_install {
        return Err("it isn't installed, and `--test` installs nothing".into());
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../13_endpoints/requirements.txt");
    println!("Installing FastAPI in {}", folder.display());
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    run(Command::new(&python)
        .args(pip)
        .args(["--timeout", "20", "--retries", "1", "--requirement"])
        .arg(file))?;
    std::fs::write(&installed, REQUIREMENTS).map_err(|error| error.to_string())?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.trim().lines().last().unwrap_or("no reason given");
            Err(format!("{program} failed: {last}"))
        }
        Err(error) => Err(format!("{program} can't be started: {error}")),
    }
}
