//! An SVG file, put into the page itself, so that it takes the colours of the theme.

use std::{fs, path::Path};

use quick_xml::{Reader, events::Event};

/// The image in `file`, without what stands above its `svg` element, and without blank lines.
///
/// # Errors
///
/// The file cannot be read, is no SVG image, or has no title that a screen reader could read out.
pub(crate) fn html(file: &Path) -> Result<String, String> {
    let named = |reason: &dyn std::fmt::Display| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        format!("{name}: {reason}")
    };
    let text = fs::read_to_string(file).map_err(|error| named(&error))?;
    let start = text.find("<svg").ok_or_else(|| named(&"it has no `svg`"))?;
    let image = &text[start..];
    if !has_title(image).map_err(|error| named(&error))? {
        return Err(named(&"it has no `title`"));
    }
    let lines = image.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// Reads all of an image.
fn has_title(image: &str) -> Result<bool, quick_xml::Error> {
    let mut reader = Reader::from_str(image);
    let mut found = false;
    loop {
        match reader.read_event()? {
            Event::Eof => return Ok(found),
            Event::Start(element) if element.name().as_ref() == "title" => found = true,
            _ => {}
        }
    }
}
