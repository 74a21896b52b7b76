//! A part of a line of the learner's file, as compilers and editors give it.

use std::ops::Range;

/// A part of one line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Span {
    /// The line, counted from one.
    pub line: u32,
    /// The columns, in characters counted from one. The end is the first column after it.
    pub columns: Range<usize>,
    /// The bytes, counted from the beginning of the file.
    pub bytes: Range<usize>,
    /// The whole line, without its end.
    pub text: String,
}

impl Span {
    /// The name of a function where `source` defines it, or else of a type.
    #[must_use]
    pub fn of_definition(source: &str, name: &str) -> Option<Self> {
        const KEYWORDS: [&[&str]; 2] = [&["fn"], &["struct", "enum", "trait", "type", "impl"]];
        KEYWORDS.iter().find_map(|keywords| {
            lines(source).find_map(|line| {
                let mut keywords = keywords.iter();
                let start = keywords.find_map(|keyword| defined(line.text, keyword, name))?;
                Some(line.span(start..start + name.len()))
            })
        })
    }

    /// What is on a line, without the white space around it.
    #[must_use]
    pub fn of_line(source: &str, number: u32) -> Option<Self> {
        let line = lines(source).find(|line| line.number == number)?;
        let start = line.text.len() - line.text.trim_start().len();
        Some(line.span(start..line.text.trim_end().len().max(start)))
    }
}

/// A line of a file.
struct Line<'a> {
    number: u32,
    /// Where it begins, in bytes.
    start: usize,
    text: &'a str,
}

impl Line<'_> {
    /// The span of these bytes of the line.
    fn span(&self, bytes: Range<usize>) -> Span {
        let column = |byte| self.text[..byte].chars().count() + 1;
        Span {
            line: self.number,
            columns: column(bytes.start)..column(bytes.end),
            bytes: self.start + bytes.start..self.start + bytes.end,
            text: self.text.to_owned(),
        }
    }
}

fn lines(source: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    (1..)
        .zip(source.split_inclusive('\n'))
        .map(move |(number, line)| {
            let begins = start;
            start += line.len();
            Line {
                number,
                start: begins,
                text: line.trim_end_matches(['\n', '\r']),
            }
        })
}

/// Where `name` begins on a line that defines it after `keyword`.
fn defined(line: &str, keyword: &str, name: &str) -> Option<usize> {
    if line.trim_start().starts_with("//") {
        return None;
    }
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut places = line.match_indices(name).map(|(start, _)| start);
    places.find(|&start| {
        let before = line[..start].strip_suffix(' ');
        let before = before.and_then(|before| before.trim_end().strip_suffix(keyword));
        before.is_some_and(|before| !before.ends_with(is_of_name))
            && !line[start + name.len()..].starts_with(is_of_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "// fn fetch() is below.\nfn fetch_all() {}\r\n\nstruct Größe; impl Reader {\n    pub async fn fetch<'a>() {} // ü\n}\n";

    #[test]
    fn a_function_is_found_where_it_is_defined() {
        let span = Span::of_definition(SOURCE, "fetch").expect("it is there");
        assert_eq!(span.line, 5);
        assert_eq!(span.columns, 18..23);
        assert_eq!(&SOURCE[span.bytes], "fetch");
        assert_eq!(span.text, "    pub async fn fetch<'a>() {} // ü");
        assert_eq!(Span::of_definition(SOURCE, "all"), None);
    }

    #[test]
    fn a_type_is_found_if_there_is_no_such_function() {
        let span = Span::of_definition(SOURCE, "Reader").expect("it is there");
        // A column is a character, and not a byte.
        assert_eq!((span.line, span.columns), (4, 20..26));
        assert_eq!(&SOURCE[span.bytes], "Reader");
    }

    #[test]
    fn a_line_is_taken_without_what_is_around_it() {
        let span = Span::of_line(SOURCE, 2).expect("it is there");
        assert_eq!(&SOURCE[span.bytes], "fn fetch_all() {}");
        assert_eq!(span.columns, 1..18);
        let empty = Span::of_line(SOURCE, 3).expect("it is there");
        assert!(empty.bytes.is_empty());
        assert_eq!(Span::of_line(SOURCE, 7), None);
    }
}
