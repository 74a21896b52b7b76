//! How cargo is called, by everything that calls it.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{diagnostics::Diagnostics, outer_cargo::forget_outer_cargo, stage::Stages};

/// How cargo is called.
#[derive(Clone, Debug)]
pub struct Cargo {
    /// The folder of the workspace; paths that the compiler prints start there.
    pub workspace: PathBuf,
    /// The folder for what is built, if not the workspace's own.
    pub target_dir: Option<PathBuf>,
    /// Whether the compiler's errors carry colours.
    pub colour: bool,
    /// Where to say how far it is.
    pub stages: Stages,
    /// Where what the compiler says goes as well.
    pub diagnostics: Diagnostics,
}

impl Cargo {
    /// Cargo in this workspace.
    #[must_use]
    pub fn new(workspace: &Path) -> Self {
        Self {
            workspace: workspace.to_owned(),
            target_dir: None,
            colour: false,
            stages: Stages::default(),
            diagnostics: Diagnostics::default(),
        }
    }

    /// The cargo that runs this program, or else the one on the path.
    #[must_use]
    pub fn program() -> PathBuf {
        env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
    }

    /// A command that calls cargo in the workspace, as if nothing but a shell had called it.
    #[must_use]
    pub fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(Self::program());
        command.current_dir(&self.workspace);
        forget_outer_cargo(&mut command);
        if let Some(folder) = &self.target_dir {
            command.env("CARGO_TARGET_DIR", folder);
        }
        self.provide_temporary_folder(&mut command);
        command
    }

    /// The argument that has cargo print a JSON object a line, instead of words for people.
    pub(super) fn message_format(&self) -> &'static str {
        if self.colour {
            "--message-format=json-diagnostic-rendered-ansi"
        } else {
            "--message-format=json"
        }
    }

    /// Where cargo builds, unless its configuration has another folder.
    pub(super) fn target_folder(&self) -> PathBuf {
        let named = self.target_dir.clone();
        let named = named.or_else(|| env::var_os("CARGO_TARGET_DIR").map(PathBuf::from));
        self.workspace
            .join(named.unwrap_or_else(|| PathBuf::from("target")))
    }

    /// Where there is no room in the system's folder for temporary files, has `command` use one that is beside what it
    /// builds: compilers, linkers and hidden tests need such a folder.
    pub(super) fn provide_temporary_folder(&self, command: &mut std::process::Command) {
        if has_room(&env::temp_dir()).is_ok() {
            return;
        }
        let folder = self.target_folder().join("tmp");
        if fs::create_dir_all(&folder).is_ok() {
            for variable in ["TMPDIR", "TMP", "TEMP"] {
                command.env(variable, &folder);
            }
        }
    }
}

/// Whether the parts of a small program fit into a folder.
fn has_room(folder: &Path) -> io::Result<()> {
    let mut file = tempfile::tempfile_in(folder)?;
    file.write_all(&[0; 1 << 20])
}
