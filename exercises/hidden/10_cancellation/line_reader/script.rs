//! What arrives when, and which lines that makes.

/// Pieces with the times at which they arrive, in milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) pieces: Vec<(u64, Vec<u8>)>,
    /// When the input ends.
    pub(crate) closes: u64,
}

/// A line, and when it's complete.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) at: u64,
}

impl Script {
    pub(crate) fn new(pieces: &[(u64, &[u8])], closes: u64) -> Self {
        let pieces = pieces.iter();
        Self {
            pieces: pieces.map(|(at, piece)| (*at, piece.to_vec())).collect(),
            closes,
        }
    }

    /// The simplest first.
    pub(crate) fn all() -> Vec<Self> {
        vec![
            // A line in each piece.
            Self::new(&[(10, b"hello\n"), (20, b"world\n")], 30),
            // A line in two pieces.
            Self::new(&[(10, b"hel"), (20, b"lo\n"), (30, b"world\n")], 40),
            // Two lines in one piece, and a third one that begins there.
            Self::new(&[(10, b"hi\nhe"), (20, b"llo\nworld\n")], 30),
            // No line break at the end.
            Self::new(&[(10, b"hello\n"), (20, b"world")], 30),
            // Empty lines.
            Self::new(&[(10, b"\nhello\n\n"), (20, b"\n"), (30, b"world\n\n")], 40),
            // Spaces.
            Self::new(&[(10, b"  hello \n"), (20, b"\tworld\n")], 30),
            // The line break of Windows, in one piece and in two.
            Self::new(
                &[(10, b"hello\r\n"), (20, b"wor\rld\r"), (30, b"\n\r\n")],
                40,
            ),
            // A line whose last byte is a carriage return.
            Self::new(&[(10, b"hello\r\r\n"), (20, b"world\n")], 30),
            // What others take off a line: a byte order mark, zeros, and spaces at the very end.
            Self::new(
                &[
                    (10, b"\xef\xbb\xbfhello\n"),
                    (20, b"world\0\n"),
                    (30, b" bye "),
                ],
                40,
            ),
            // A letter of two bytes, and one of four, in two pieces each.
            Self::new(
                &[
                    (10, b"gr\xc3"),
                    (20, b"\xbc\xc3\x9fe \xf0\x9f"),
                    (30, b"\xa6\x80\n"),
                ],
                40,
            ),
            // Nothing at all.
            Self::new(&[], 10),
            Self::slow(),
            Self::long(),
        ]
    }

    /// A byte every 10 ms.
    pub(crate) fn slow() -> Self {
        let bytes = b"hi\nhello\n\nworld\nbye";
        let pieces = (1..).zip(bytes).map(|(n, &byte)| (10 * n, vec![byte]));
        Self {
            pieces: pieces.collect(),
            closes: 300,
        }
    }

    /// Lines that are longer than any buffer, in pieces of 1,000 bytes.
    pub(crate) fn long() -> Self {
        let text = format!("{}\n{}\n", "long ".repeat(4_000), "longer ".repeat(1_500));
        let pieces = (1..).zip(text.as_bytes().chunks(1000));
        Self {
            pieces: pieces.map(|(n, piece)| (10 * n, piece.to_vec())).collect(),
            closes: 5000,
        }
    }

    /// Nothing comes for most of an hour, in the middle of a line.
    pub(crate) fn idle() -> Self {
        Self::new(&[(10, b"hel"), (3_000_000, b"lo\n")], 3_000_010)
    }

    /// A line that's longer than most limits.
    pub(crate) fn huge() -> Self {
        let text = format!("{}\nend\n", "0123456789".repeat(10_000));
        let pieces = (1..).zip(text.as_bytes().chunks(9000));
        Self {
            pieces: pieces.map(|(n, piece)| (10 * n, piece.to_vec())).collect(),
            closes: 500,
        }
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line = Vec::new();
        let mut push = |line: &mut Vec<u8>, at| {
            let text = String::from_utf8(std::mem::take(line)).expect("scripts are UTF-8");
            lines.push(Line { text, at });
        };
        for (at, piece) in &self.pieces {
            for &byte in piece {
                if byte != b'\n' {
                    line.push(byte);
                    continue;
                }
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                push(&mut line, *at);
            }
        }
        if !line.is_empty() {
            push(&mut line, self.closes);
        }
        lines
    }
}
