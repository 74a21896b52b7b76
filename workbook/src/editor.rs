//! Opens an exercise in the learner's editor.

use std::{
    env, io,
    path::Path,
    process::{Command, Stdio},
};

/// Editors that have a window of their own. Any other is given the terminal until it ends.
const IN_WINDOW: [&str; 20] = [
    "atom",
    "clion",
    "code",
    "code-insiders",
    "codium",
    "cursor",
    "gedit",
    "gnome-text-editor",
    "gvim",
    "idea",
    "kate",
    "mate",
    "mousepad",
    "notepad",
    "notepad++",
    "pluma",
    "rustrover",
    "subl",
    "windsurf",
    "zed",
];

/// Editors that are looked for where none is named. VS Code has a window, and shows compile errors; `vi` and `nano` are
/// on almost every Unix.
const ON_PATH: [&str; 3] = ["code", "vi", "nano"];

/// An editor, and how it is started.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Editor {
    program: String,
    arguments: Vec<String>,
    /// What it was found by, for the doctor.
    pub(crate) found_by: &'static str,
}

impl Editor {
    /// The editor that `$VISUAL` or `$EDITOR` names; or VS Code, `vi` or `nano`, the first of them that is on the path.
    pub(crate) fn find() -> Option<Self> {
        let named = ["VISUAL", "EDITOR"]
            .into_iter()
            .find_map(|name| Self::parse(&env::var(name).ok()?, name));
        let mut editor = named.or_else(|| Self::usual(Self::is_there))?;
        // Windows starts `code.cmd` only by its whole name.
        if cfg!(windows)
            && let Ok(program) = which::which(&editor.program)
        {
            editor.program = program.display().to_string();
        }
        Some(editor)
    }

    /// The first of the usual editors that is there.
    fn usual(is_there: impl Fn(&Self) -> bool) -> Option<Self> {
        let mut usual = ON_PATH.into_iter().map(|program| Self {
            program: program.into(),
            arguments: Vec::new(),
            found_by: "PATH",
        });
        usual.find(is_there)
    }

    /// The words of a command line. Quotes keep a path with spaces together; there is no shell.
    fn parse(line: &str, found_by: &'static str) -> Option<Self> {
        // A path with blanks needs no quotes if there is such a file.
        if Path::new(line.trim()).is_file() {
            return Some(Self {
                program: line.trim().into(),
                arguments: Vec::new(),
                found_by,
            });
        }
        let mut words = Vec::new();
        let mut word = String::new();
        let mut quote = None;
        for c in line.trim().chars() {
            match (c, quote) {
                (c, Some(open)) if c == open => quote = None,
                ('"' | '\'', None) => quote = Some(c),
                (' ', None) => {
                    if !word.is_empty() {
                        words.push(std::mem::take(&mut word));
                    }
                }
                (c, _) => word.push(c),
            }
        }
        words.extend(Some(word).filter(|word| !word.is_empty()));
        let mut words = words.into_iter();
        Some(Self {
            program: words.next()?,
            arguments: words.collect(),
            found_by,
        })
    }

    /// Its name: `vim` of `/usr/bin/vim`.
    pub(crate) fn name(&self) -> String {
        let stem = Path::new(&self.program).file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    }

    /// Whether there is such a program.
    pub(crate) fn is_there(&self) -> bool {
        which::which(&self.program).is_ok()
    }

    /// Whether it has to be given the terminal until it ends.
    pub(crate) fn in_terminal(&self) -> bool {
        !IN_WINDOW.contains(&self.name().to_lowercase().as_str())
    }

    /// The command that opens a file at a line, where the editor is known to take one.
    pub(crate) fn command(&self, file: &Path, line: Option<u32>) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        let file = file.display();
        match (self.name().as_str(), line) {
            ("code" | "codium", Some(line)) => {
                command.args(["--goto", &format!("{file}:{line}")]);
            }
            ("vi" | "vim" | "nvim" | "nano" | "emacs" | "micro" | "kak" | "joe", Some(line)) => {
                command.args([format!("+{line}"), file.to_string()]);
            }
            ("hx" | "helix" | "subl" | "zed", Some(line)) => {
                command.arg(format!("{file}:{line}"));
            }
            _ => {
                command.arg(file.to_string());
            }
        }
        command
    }

    /// Starts an editor that has a window of its own, and lets it go.
    ///
    /// # Errors
    ///
    /// It could not be started.
    pub(crate) fn open_window(&self, file: &Path, line: Option<u32>) -> io::Result<()> {
        let mut command = tokio::process::Command::from(self.command(file, line));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // In a group of its own, it is not stopped with the workbook, and does not end with the terminal.
        #[cfg(unix)]
        command.process_group(0);
        // The runtime takes note of its end, also after the handle is gone.
        command.spawn().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(editor: &str, line: Option<u32>) -> Vec<String> {
        let editor = Editor::parse(editor, "EDITOR").expect("it names a program");
        let command = editor.command(Path::new("a.rs"), line);
        let program = std::iter::once(command.get_program());
        let all = program.chain(command.get_args());
        all.map(|word| word.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn an_editor_is_a_program_with_arguments() {
        assert_eq!(
            arguments("code --wait", Some(7)),
            ["code", "--wait", "--goto", "a.rs:7"]
        );
        assert_eq!(arguments("vim", Some(7)), ["vim", "+7", "a.rs"]);
        assert_eq!(
            arguments("'/my apps/edit' -x", Some(7)),
            ["/my apps/edit", "-x", "a.rs"]
        );
        assert_eq!(arguments("vim", None), ["vim", "a.rs"]);
        assert_eq!(Editor::parse("  ", "EDITOR"), None);
    }

    #[test]
    fn a_path_with_blanks_is_one_program_if_it_is_there() {
        let folder = tempfile::tempdir().expect("make a temporary folder");
        let program = folder.path().join("my editor");
        let program = program.to_str().expect("it is text");
        let parsed = |line| Editor::parse(line, "EDITOR").expect("it names a program");
        assert_ne!(parsed(program).program, program);
        std::fs::write(program, "").expect("write a file");
        assert_eq!(parsed(program).program, program);
        assert_eq!(parsed(&format!("'{program}' --wait")).arguments, ["--wait"]);
    }

    #[test]
    fn where_none_is_named_a_usual_one_has_to_do() {
        let among = |there: &[&str]| {
            let editor = Editor::usual(|editor| there.contains(&editor.program.as_str()));
            editor.map(|editor| editor.name())
        };
        assert_eq!(among(&["nano", "vi", "code"]).as_deref(), Some("code"));
        assert_eq!(among(&["nano", "vi"]).as_deref(), Some("vi"));
        assert_eq!(among(&["nano"]).as_deref(), Some("nano"));
        assert_eq!(among(&["ed"]), None);
    }

    #[test]
    fn those_that_need_the_terminal_are_known() {
        let in_terminal =
            |name| Editor::parse(name, "EDITOR").is_some_and(|editor| editor.in_terminal());
        assert!(in_terminal("/usr/bin/nvim"));
        assert!(
            in_terminal("sensible-editor"),
            "what is not known may need it"
        );
        assert!(!in_terminal("code --wait"));
    }
}
