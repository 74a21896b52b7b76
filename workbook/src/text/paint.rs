//! Turns roles into what a terminal takes for colours and links.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use anstyle::{AnsiColor, Style};

use super::{Line, Role, Token};

/// Paints lines for one place that shows them.
#[derive(Clone, Debug)]
pub enum Painter {
    /// It takes nothing but characters.
    Plain,
    /// It knows ANSI's colours.
    Colours {
        /// The root of the workbook, if it is known for links as well.
        links: Option<PathBuf>,
    },
}

impl Painter {
    /// The line as it is to be written, without an end.
    #[must_use]
    pub fn paint(&self, line: &Line) -> String {
        let Self::Colours { links } = self else {
            return line.plain();
        };
        let mut painted = String::new();
        for span in &line.spans {
            let text = match (&span.role, links) {
                (Role::Link(file), Some(root)) => linked(&span.text, &root.join(file)),
                _ => span.text.clone(),
            };
            let style = style(&span.role);
            write!(painted, "{style}{text}{style:#}").expect("write to a String");
        }
        painted
    }
}

const fn style(role: &Role) -> Style {
    match role {
        Role::Plain => Style::new(),
        Role::Good => AnsiColor::Green.on_default(),
        Role::Bad => AnsiColor::Red.on_default(),
        Role::Quiet | Role::Link(_) => Style::new().dimmed(),
        Role::Strong => Style::new().bold(),
        Role::Heading => AnsiColor::Cyan.on_default().bold(),
        Role::Code(token) => match token {
            Token::Keyword => AnsiColor::Magenta.on_default(),
            Token::Literal => AnsiColor::Green.on_default(),
            Token::Type => AnsiColor::Yellow.on_default(),
            Token::Comment => Style::new().dimmed(),
            Token::Inline => AnsiColor::Cyan.on_default(),
        },
        Role::Painted(style) => *style,
    }
}

/// The text as something to click on (OSC 8).
fn linked(text: &str, file: &Path) -> String {
    let path = file.display().to_string().replace('\\', "/");
    let url = path.bytes().fold(String::new(), |mut url, byte| {
        if byte.is_ascii_alphanumeric() || b"/:-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url += &format!("%{byte:02X}");
        }
        url
    });
    let slash = if url.starts_with('/') { "" } else { "/" };
    format!("\u{1b}]8;;file://{slash}{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
}

#[cfg(test)]
mod tests {
    use super::{
        super::{bad, link, plain},
        *,
    };

    #[test]
    fn roles_are_colours_where_these_are_known() {
        let line = Line::from([plain("all "), bad("wrong")]);
        assert_eq!(Painter::Plain.paint(&line), "all wrong");
        let colours = Painter::Colours { links: None };
        assert_eq!(colours.paint(&line), "all \u{1b}[31mwrong\u{1b}[0m");
    }

    #[test]
    fn a_file_is_a_link_where_it_can_be_clicked() {
        let line = Line::from(link("exercises/03_gather.rs"));
        let links = Painter::Colours {
            links: Some("/home/a b".into()),
        };
        assert_eq!(
            links.paint(&line),
            "\u{1b}[2m\u{1b}]8;;file:///home/a%20b/exercises/03_gather.rs\u{1b}\\exercises/03_gather.rs\u{1b}]8;;\u{1b}\\\u{1b}[0m"
        );
    }
}
