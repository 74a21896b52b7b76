//! A rendered book in memory: what is being rendered on the disk meanwhile does not concern its readers.

use std::{collections::HashMap, fs, path::Path};

use axum::{
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use mdbook_driver::errors::Result;
use quick_xml::escape::escape;

use crate::links;

/// Where a page hears of renders.
pub(super) const EVENTS: &str = "/.events";

/// Has a page of this version come again when it was rendered, and say why it could not be.
fn script(version: u64) -> String {
    format!(
        r#"<script>
const events = new EventSource("{EVENTS}/{version}");
events.addEventListener("rendered", () => location.reload());
events.addEventListener("failed", (event) => {{
  const words = document.createElement("pre");
  words.setAttribute("role", "alert");
  words.textContent = event.data;
  document.querySelector("main").prepend(words);
}});
</script>
"#
    )
}

/// The files of a book by their paths: `css/general.css`.
#[derive(Default)]
pub(super) struct Site(HashMap<String, Vec<u8>>);

impl Site {
    pub(super) fn read(folder: &Path, version: u64) -> Result<Self> {
        let mut files = HashMap::new();
        for file in links::files(folder)? {
            let mut bytes = fs::read(folder.join(&file))?;
            if file
                .extension()
                .is_some_and(|extension| extension == "html")
            {
                bytes.extend_from_slice(script(version).as_bytes());
            }
            files.insert(file.to_string_lossy().replace('\\', "/"), bytes);
        }
        Ok(Self(files))
    }

    /// The file of this path, if the book has it.
    pub(super) fn get(&self, path: &str) -> Option<Response> {
        let bytes = self.0.get(path)?.clone();
        let headers = [
            (CONTENT_TYPE, content_type(path)),
            (CACHE_CONTROL, "no-cache"),
        ];
        Some((headers, bytes).into_response())
    }
}

/// The page that is shown as long as no render has succeeded.
pub(super) fn failed(failure: &str) -> String {
    format!(
        "<!DOCTYPE html><title>Not rendered</title><main><pre>{}</pre></main>{}",
        escape(failure),
        script(0)
    )
}

/// The types of the files that mdBook writes.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
