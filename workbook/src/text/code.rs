//! Code in colour.
//!
//! The pages show Rust and Python, a few lines at a time. `syntect` would double what `cargo run` compiles, and the
//! lexer of rustc knows no Python; what is told apart here is told by the first character or two of a token.

use super::{Line, Role, Span, Text};

/// A language that is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Language {
    /// Rust.
    Rust,
    /// Python.
    Python,
}

/// What a piece of code is to the reader.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Token {
    /// A word of the language.
    Keyword,
    /// A string, a character, or a number.
    Literal,
    /// A type, or whatever else begins like one.
    Type,
    /// A comment.
    Comment,
    /// Code between words.
    Inline,
}

impl Language {
    /// The language that a fence names: `rust`, `rust,ignore`, `python`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name.split(',').next()?.trim() {
            "rust" => Some(Self::Rust),
            "python" => Some(Self::Python),
            _ => None,
        }
    }

    fn is_keyword(self, word: &str) -> bool {
        match self {
            Self::Rust => RUST.contains(&word),
            Self::Python => PYTHON.contains(&word),
        }
    }

    /// How many bytes a comment takes that begins here, if one does.
    fn comment(self, code: &str) -> Option<usize> {
        let end_of_line = code.find('\n').unwrap_or(code.len());
        match self {
            Self::Rust if code.starts_with("//") => Some(end_of_line),
            Self::Rust if code.starts_with("/*") => {
                Some(code.find("*/").map_or(code.len(), |end| end + 2))
            }
            Self::Python if code.starts_with('#') => Some(end_of_line),
            _ => None,
        }
    }

    /// How many bytes a string or character takes that begins here, its prefix included, if one does.
    fn string(self, code: &str) -> Option<usize> {
        let prefix = code.find(|c: char| !c.is_ascii_lowercase())?;
        let (letters, quoted) = code.split_at(prefix);
        let known = match self {
            Self::Rust => ["", "b", "c", "r", "br", "cr"].contains(&letters),
            Self::Python => ["", "f", "r", "b", "rb", "fr"].contains(&letters),
        };
        if !known {
            return None;
        }
        let length = match self {
            Self::Rust if letters.ends_with('r') => raw(quoted)?,
            Self::Rust if quoted.starts_with('\'') => character(quoted)?,
            Self::Python if quoted.starts_with("\"\"\"") => closed(quoted, "\"\"\"")?,
            Self::Python if quoted.starts_with("'''") => closed(quoted, "'''")?,
            Self::Python if quoted.starts_with('\'') => closed(quoted, "'")?,
            _ if quoted.starts_with('"') => closed(quoted, "\"")?,
            _ => return None,
        };
        Some(prefix + length)
    }
}

/// The lines of a program, in colour.
#[must_use]
pub fn code(program: &str, language: Language) -> Text {
    let mut text = Text::default();
    let mut line = Vec::new();
    for (role, piece) in pieces(program, language) {
        for (number, part) in piece.split('\n').enumerate() {
            if number > 0 {
                text.line(hung(std::mem::take(&mut line)));
            }
            if !part.is_empty() {
                line.push(Span::new(part, role.clone()));
            }
        }
    }
    if !line.is_empty() {
        text.line(hung(line));
    }
    text
}

/// A line of code. Broken, it goes on below its own beginning: what follows is no line of the program.
fn hung(spans: Vec<Span>) -> Line {
    let mut line = Line::from(spans);
    let text = line.plain();
    let code = text.trim_start();
    let marks = code.len() - code.trim_start_matches('/').len();
    let set_in = match marks {
        2.. => marks + 1,
        _ => 4,
    };
    line.hanging = text.len() - code.len() + set_in;
    line
}

/// All of a program, in pieces of one role.
fn pieces(program: &str, language: Language) -> Vec<(Role, &str)> {
    let mut pieces = Vec::new();
    let mut rest = program;
    while let Some(first) = rest.chars().next() {
        let (role, length) = if let Some(length) = language.comment(rest) {
            (Role::Code(Token::Comment), length)
        } else if let Some(length) = language.string(rest) {
            (Role::Code(Token::Literal), length)
        } else if first.is_ascii_digit() {
            (Role::Code(Token::Literal), number(rest))
        } else if is_of_a_word(first) {
            let length = rest.find(|c| !is_of_a_word(c)).unwrap_or(rest.len());
            (role_of_word(&rest[..length], language), length)
        } else {
            let length = rest
                .find(|c: char| is_of_a_word(c) || "\"'#/".contains(c))
                .unwrap_or(rest.len());
            (Role::Plain, length.max(first.len_utf8()))
        };
        let (piece, after) = rest.split_at(length);
        pieces.push((role, piece));
        rest = after;
    }
    pieces
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn role_of_word(word: &str, language: Language) -> Role {
    if language.is_keyword(word) {
        Role::Code(Token::Keyword)
    } else if word.starts_with(char::is_uppercase) {
        Role::Code(Token::Type)
    } else {
        Role::Plain
    }
}

/// The bytes of a number: `0x1f`, `1_000`, `0.5`, and not the dots of `0..3` or `1.max(2)`.
fn number(code: &str) -> usize {
    let end = |from: usize| {
        let length = code[from..].find(|c| !is_of_a_word(c));
        length.map_or(code.len(), |length| from + length)
    };
    let whole = end(0);
    let fraction = code[whole..].strip_prefix('.');
    match fraction.and_then(|fraction| fraction.chars().next()) {
        Some(digit) if digit.is_ascii_digit() => end(whole + 1),
        _ => whole,
    }
}

/// The bytes up to the end of a string with this mark at both ends; all of them, if it has no end.
fn closed(code: &str, mark: &str) -> Option<usize> {
    let mut at = mark.len();
    while let Some(next) = code[at..].chars().next() {
        if code[at..].starts_with(mark) {
            return Some(at + mark.len());
        }
        at += next.len_utf8();
        if next == '\\' {
            at += code[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    Some(code.len())
}

/// The bytes of `"…"` or `#"…"#`, in which nothing is escaped.
fn raw(code: &str) -> Option<usize> {
    let marks = code.find(|c| c != '#')?;
    let inside = code[marks..].strip_prefix('"')?;
    let end = format!("\"{}", &code[..marks]);
    let length = inside.find(&end).map(|at| marks + 1 + at + end.len());
    Some(length.unwrap_or(code.len()))
}

/// The bytes of a character: `'a'`, `'\n'`. A lifetime has no second mark.
fn character(code: &str) -> Option<usize> {
    let mut characters = code.char_indices().skip(1);
    let (_, first) = characters.next()?;
    if first == '\\' {
        let after = &code[2..];
        let escaped = after.chars().next()?.len_utf8();
        return Some(2 + escaped + after[escaped..].find('\'')? + 1);
    }
    let (at, second) = characters.next()?;
    (second == '\'').then_some(at + 1)
}

const RUST: [&str; 40] = [
    "Self",
    "as",
    "async",
    "await",
    "break",
    "const",
    "continue",
    "crate",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "fn",
    "for",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro_rules",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "type",
    "unsafe",
    "use",
    "where",
    "while",
    "yield",
];

const PYTHON: [&str; 34] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with",
];

#[cfg(test)]
mod tests {
    use super::{super::Columns, *};

    fn coloured(program: &str, language: Language) -> Vec<(Token, &str)> {
        let pieces = pieces(program, language);
        let all: String = pieces.iter().map(|(_, piece)| *piece).collect();
        assert_eq!(all, program, "nothing is lost");
        let coloured = pieces.into_iter().filter_map(|(role, piece)| match role {
            Role::Code(token) => Some((token, piece)),
            _ => None,
        });
        coloured.collect()
    }

    use Token::{Comment, Keyword, Literal, Type};

    #[test]
    fn rust_is_told_apart() {
        assert_eq!(
            coloured(
                "async fn a<'a>(b: &'a str) -> Vec<u8> { b'x'; '\\''; r#\"a\"b\"#; \"c\\\"d\"; 0.5; 0..3 } // e\n/* f */",
                Language::Rust
            ),
            [
                (Keyword, "async"),
                (Keyword, "fn"),
                (Type, "Vec"),
                (Literal, "b'x'"),
                (Literal, "'\\''"),
                (Literal, "r#\"a\"b\"#"),
                (Literal, "\"c\\\"d\""),
                (Literal, "0.5"),
                (Literal, "0"),
                (Literal, "3"),
                (Comment, "// e"),
                (Comment, "/* f */"),
            ]
        );
    }

    #[test]
    fn python_is_told_apart() {
        assert_eq!(
            coloured(
                "async def a():\n    \"\"\"b \"c\" d\"\"\"\n    return f'{e}' # g",
                Language::Python
            ),
            [
                (Keyword, "async"),
                (Keyword, "def"),
                (Literal, "\"\"\"b \"c\" d\"\"\""),
                (Keyword, "return"),
                (Literal, "f'{e}'"),
                (Comment, "# g"),
            ]
        );
    }

    #[test]
    fn what_has_no_end_ends_with_the_program() {
        for program in ["\"a", "'", "/* a", "r#\"a\"", "'\\", "b", "1", "'''"] {
            for language in [Language::Rust, Language::Python] {
                coloured(program, language);
            }
        }
    }

    #[test]
    fn every_file_of_the_course_is_shown_whole() {
        let root = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        for (folder, language) in [
            ("solutions", Language::Rust),
            ("examples", Language::Rust),
            ("book/python", Language::Python),
        ] {
            for entry in std::fs::read_dir(root.join(folder)).expect("read a folder of the course")
            {
                let file = entry.expect("read a folder of the course").path();
                if file.is_file() {
                    let program =
                        std::fs::read_to_string(&file).expect("read a file of the course");
                    let shown = code(&program, language).to_plain(usize::MAX);
                    assert_eq!(shown, program.replace('\t', "    "), "{}", file.display());
                }
            }
        }
    }

    #[test]
    fn a_line_that_is_broken_goes_on_below_its_own_beginning() {
        let program =
            "    // one two three four five six\n    let number = one + two + three + four;";
        let code = code(program, Language::Rust);
        let lines = code.broken(Columns::on_screen(24));
        let lines: Vec<String> = lines.iter().map(Line::plain).collect();
        assert_eq!(
            lines,
            [
                "    // one two three",
                "    four five six",
                "    let number = one +",
                "    two + three + four;",
            ]
        );
    }
}
