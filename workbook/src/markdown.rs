//! A page of the book, laid out for the terminal: headings, code in colour, tables, and answers that unfold.

mod inline;
mod table;

use async_workbook::timeline::{Charset, Drawing, Style};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::{
    page::TIMELINE,
    text::{Language, Line, Role, Span, Text, code, plain, quiet, strong},
};

use inline::Inline;
use table::Table;

/// A page that is laid out.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// What is shown.
    pub text: Text,
    /// The title of each section, and the line of the text on which it begins.
    pub headings: Vec<(String, usize)>,
    /// Whether some of it can be folded.
    pub has_folds: bool,
}

/// Lays a page out; what can be folded is shown if it is to be `open`.
#[must_use]
pub fn render(source: &str, style: &Style, open: bool) -> Rendered {
    let mut page = Page {
        style,
        open,
        rendered: Rendered::default(),
        inline: Inline::default(),
        lists: Vec::new(),
        lead: None,
        quoted: 0,
        code: None,
        table: None,
        folded: false,
        html: String::new(),
    };
    for event in Parser::new_ext(source, Options::ENABLE_TABLES) {
        page.take(event);
    }
    page.rendered
}

/// A page that is being laid out.
struct Page<'a> {
    style: &'a Style,
    open: bool,
    rendered: Rendered,
    /// What stands in the paragraph, heading or cell that is open.
    inline: Inline,
    /// The number of the next item of each list that is open, if it has numbers.
    lists: Vec<Option<u64>>,
    /// The mark of an item whose first words are still to come.
    lead: Option<String>,
    quoted: usize,
    /// The language and the lines of the code that is open.
    code: Option<(String, String)>,
    table: Option<Table>,
    /// Whether it is inside of what is folded.
    folded: bool,
    html: String,
}

impl Page<'_> {
    fn take(&mut self, event: Event<'_>) {
        if let Event::Html(html) = &event {
            self.html.push_str(html);
            return;
        }
        if event == Event::End(TagEnd::HtmlBlock) {
            let html = std::mem::take(&mut self.html);
            self.html_block(&html);
            return;
        }
        if self.folded {
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some((_, lines)) => lines.push_str(&text),
                None => self.inline.text(&text),
            },
            Event::Code(text) => self.inline.code(&text),
            Event::SoftBreak => self.inline.text(" "),
            Event::HardBreak => self.paragraph(),
            Event::Rule => {
                let rule = self.glyph("─", "-").repeat(self.columns().min(40));
                self.block(Text::from(quiet(rule)));
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(first) => {
                // What an item says before a list within it.
                self.paragraph();
                self.lists.push(first);
            }
            Tag::Item => {
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => self.glyph("• ", "- ").to_owned(),
                };
                self.lead = Some(mark);
            }
            Tag::BlockQuote(_) => self.quoted += 1,
            Tag::CodeBlock(kind) => {
                self.paragraph();
                let language = match kind {
                    CodeBlockKind::Fenced(name) => name.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::Table(_) => self.table = Some(Table::default()),
            Tag::Strong => self.inline.begin(Role::Strong),
            Tag::Emphasis => {
                let italic = anstyle::Style::new().italic();
                self.inline.begin(Role::Painted(italic));
            }
            Tag::Link { .. } => {
                let underlined = anstyle::Style::new().underline();
                self.inline.begin(Role::Painted(underlined));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.paragraph(),
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::Item => {
                self.paragraph();
                self.lead = None;
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.rendered.text.blank();
                }
            }
            TagEnd::BlockQuote(_) => self.quoted -= 1,
            TagEnd::CodeBlock => self.code_block(),
            TagEnd::TableCell => {
                let cell = self.inline.take();
                if let Some(table) = &mut self.table {
                    table.cell(cell);
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some(table) = &mut self.table {
                    table.end_row();
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    let text = table.text(self.columns(), self.style.charset);
                    self.block(text);
                }
            }
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link => self.inline.end(),
            _ => {}
        }
    }

    /// Ends a paragraph. In a list, the next one follows at once.
    fn paragraph(&mut self) {
        let words = self.inline.take();
        if words.is_empty() {
            return;
        }
        let depth = 2 * self.lists.len().saturating_sub(1) + 2 * self.quoted;
        let lead = match (self.lead.take(), self.lists.is_empty()) {
            (Some(mark), _) => format!("{:depth$}{mark}", ""),
            (None, false) => format!("{:depth$}  ", ""),
            (None, true) => " ".repeat(depth),
        };
        let text = Text::spans_under(plain(lead), words);
        if self.lists.is_empty() {
            self.block(text);
        } else {
            self.rendered.text.add(text);
        }
    }

    fn heading(&mut self, level: HeadingLevel) {
        let words = self.inline.take();
        let title = Line::from(words.clone()).plain();
        let words: Vec<Span> = words
            .iter()
            .map(|span| Span::new(span.text(), Role::Heading))
            .collect();
        if level == HeadingLevel::H2 {
            self.rendered.text.blank();
        }
        let at = self.rendered.text.len();
        self.rendered.headings.push((title, at));
        self.block(Text::from(Line::from(words)));
    }

    fn code_block(&mut self) {
        let Some((language, lines)) = self.code.take() else {
            return;
        };
        let lines = lines.trim_end();
        let by = if self.style.width < 60 { 2 } else { 4 };
        let text = if language == TIMELINE {
            self.timeline(lines)
        } else {
            match Language::named(&language) {
                Some(language) => code(lines, language).indented(by),
                None => Text::kept(lines).indented(by),
            }
        };
        self.block(text);
    }

    fn timeline(&self, json: &str) -> Text {
        match serde_json::from_str::<Drawing>(json) {
            Ok(drawing) => Text::kept(&drawing.text(self.style)),
            // It is written by this program.
            Err(error) => Text::from(quiet(format!("(no timeline: {error})"))),
        }
    }

    /// Of HTML, the pages have answers that are folded.
    fn html_block(&mut self, html: &str) {
        if html.contains("<details") {
            let summary = html
                .split_once("<summary>")
                .and_then(|(_, after)| after.split_once("</summary>"));
            let (title, _) = summary.unwrap_or(("More", ""));
            self.rendered.has_folds = true;
            let line = if self.open {
                vec![plain(self.glyph("▾ ", "v ")), strong(title)]
            } else {
                let how = quiet("  (o opens)");
                vec![plain(self.glyph("▸ ", "> ")), strong(title), how]
            };
            self.block(Text::from(Line::from(line)));
            self.folded = !self.open;
        }
        if html.contains("</details>") {
            self.folded = false;
        }
    }

    /// Adds what stands by itself.
    fn block(&mut self, text: Text) {
        self.rendered.text.add(text);
        self.rendered.text.blank();
    }

    fn columns(&self) -> usize {
        self.style.width
    }

    fn glyph(&self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self.style.charset {
            Charset::Unicode => unicode,
            Charset::Ascii => ascii,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str, width: usize, open: bool) -> String {
        let rendered = render(source, &Style::unicode(width), open);
        rendered.text.to_plain(width)
    }

    #[test]
    fn a_page_is_laid_out_and_not_shown_as_its_source() {
        let source = "# Title\n\nSome *words* and `code`,\njoined, with a [link](a.md).\n\n- one\n- two\n  goes on\n\n1. first\n   - inner\n2. second\n\n```rust\nlet a = 1;\n```\n\n---\n\nThe end.\n";
        insta::assert_snapshot!(shown(source, 60, false));
    }

    #[test]
    fn answers_are_folded_until_they_are_asked_for() {
        let source = "Ask.\n\n<details>\n<summary>Answers</summary>\n\n1. Because.\n\n</details>\n\nGo on.\n";
        assert_eq!(
            shown(source, 60, false),
            "Ask.\n\n▸ Answers  (o opens)\n\nGo on.\n\n"
        );
        assert_eq!(
            shown(source, 60, true),
            "Ask.\n\n▾ Answers\n\n1. Because.\n\nGo on.\n\n"
        );
        assert!(render(source, &Style::unicode(60), true).has_folds);
        assert!(!render("Ask.", &Style::unicode(60), true).has_folds);
    }

    #[test]
    fn a_section_is_found_by_its_title() {
        let rendered = render(
            "# One\n\nwords\n\n## What `join_all` does\n\nmore\n",
            &Style::unicode(60),
            false,
        );
        let titles: Vec<_> = rendered.headings.iter().map(|(title, _)| title).collect();
        assert_eq!(titles, ["One", "What join_all does"]);
        let (_, line) = rendered.headings[1];
        let lines = rendered.text.to_plain(60);
        assert_eq!(lines.lines().nth(line), Some("What join_all does"));
    }

    #[test]
    fn every_page_of_the_book_fits_any_terminal() {
        let pages = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../book/src"));
        for entry in std::fs::read_dir(pages).expect("read the book's folder") {
            let file = entry.expect("read the book's folder").path();
            if file.extension().is_none_or(|extension| extension != "md") {
                continue;
            }
            let source = crate::page::read(&file).unwrap_or_else(|error| panic!("{error}"));
            for width in [40, 80, 100] {
                let text = shown(&source, width, true);
                let name = file.display();
                for source in ["```", "|---", "](", "<details", "<summary"] {
                    let found = text.lines().find(|line| line.contains(source));
                    assert_eq!(found, None, "{name}");
                }
            }
        }
    }
}
