//! What the compiler says of the code, for editors.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use cargo_metadata::{
    CompilerMessage, Message,
    diagnostic::{Diagnostic, DiagnosticSpan},
};

use super::{
    Cargo, GradeError,
    compilation::Compilation,
    compile_error::{normalized, without_detours},
};

/// What the compiler says, if anybody wants to know it. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics(Option<Arc<Mutex<Vec<CompilerMessage>>>>);

impl Diagnostics {
    /// Keeps what is said until somebody takes it.
    #[must_use]
    pub fn kept() -> Self {
        Self(Some(Arc::default()))
    }

    /// Takes what was said since it was last taken, in the form of cargo's own messages: a JSON object a line. Files are
    /// named by the shortest way from the root of the workspace.
    #[must_use]
    pub fn take_lines(&self) -> Vec<String> {
        let Some(said) = &self.0 else {
            return Vec::new();
        };
        // Each change is one call of the vector's, which cannot be left half done.
        let said = mem::take(&mut *said.lock().unwrap_or_else(PoisonError::into_inner));
        let line = |message| {
            serde_json::to_string(&Message::CompilerMessage(message)).expect("write JSON to memory")
        };
        said.into_iter().map(line).collect()
    }

    pub(super) fn add(&self, message: &Message) {
        if let (Some(said), Message::CompilerMessage(message)) = (&self.0, message) {
            let mut message = message.clone();
            shorten(&mut message.message);
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            said.push(message);
        }
    }
}

impl Cargo {
    /// Has the compiler check the whole workspace, as editors do by themselves: tests, examples and benches as well. What
    /// it says goes to [`diagnostics`](Self::diagnostics). Known answers are wrong on purpose, and not looked at.
    ///
    /// What is made on the way goes to the folder in which rust-analyzer builds. An editor never holds the lock of the one
    /// in which exercises are graded.
    ///
    /// # Errors
    ///
    /// Cargo could not be started, or failed before anything was compiled.
    ///
    /// # Cancel safety
    ///
    /// Dropping this stops cargo.
    pub async fn check_workspace(&self) -> Result<(), GradeError> {
        let mut command = self.command();
        command
            .args(["check", "--workspace", "--exclude", "known-*"])
            .args(["--all-targets", "--keep-going", self.message_format()])
            .arg("--target-dir")
            .arg(self.target_folder().join("rust-analyzer"));
        let mut compilation =
            Compilation::start(command).map_err(|source| GradeError::NoCargo {
                program: Self::program(),
                source,
            })?;
        let failed = |error: std::io::Error| GradeError::of_cargo(&error.to_string());
        let mut is_read = false;
        let take = |message: Message| {
            is_read = true;
            self.diagnostics.add(&message);
        };
        let stderr = compilation.read(&self.stages, take).await.map_err(failed)?;
        let status = compilation.wait().await.map_err(failed)?;
        if status.success() || is_read {
            Ok(())
        } else {
            Err(GradeError::of_cargo(&stderr))
        }
    }
}

/// Names files by the shortest way. Cargo's way to an exercise goes through the folder of its hidden tests, and editors
/// would take it for another file.
fn shorten(diagnostic: &mut Diagnostic) {
    diagnostic.spans.iter_mut().for_each(shorten_span);
    diagnostic.children.iter_mut().for_each(shorten);
    if let Some(rendered) = &mut diagnostic.rendered {
        *rendered = without_detours(rendered);
    }
}

fn shorten_span(span: &mut DiagnosticSpan) {
    let short = normalized(span.file_name.as_ref());
    span.file_name = short.display().to_string().replace('\\', "/");
    if let Some(expansion) = &mut span.expansion {
        shorten_span(&mut expansion.span);
        if let Some(definition) = &mut expansion.def_site_span {
            shorten_span(definition);
        }
    }
}
