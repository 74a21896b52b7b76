//! The terminal while the workbook has it: keys one by one, a screen of its own, and everything given
//! back at the end, however it comes.

use std::{
    io::{self, Write as _},
    panic,
    sync::{
        Once,
        atomic::{AtomicBool, Ordering},
    },
};

use crossterm::{
    cursor::{Hide, MoveTo, Show},
    execute, queue,
    style::Print,
    terminal::{
        self, BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate,
        EnterAlternateScreen, LeaveAlternateScreen,
    },
};
use unicode_width::UnicodeWidthChar as _;

/// Whether the terminal is the workbook's at this moment. A terminal is there once for the whole process.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal, taken. Dropping this gives it back; so does a panic, before its message is printed.
#[derive(Debug)]
#[must_use = "the terminal is given back when this is dropped"]
pub(super) struct Terminal {
    colour: bool,
}

impl Terminal {
    /// Takes the terminal.
    ///
    /// # Errors
    ///
    /// It is none that can be taken.
    pub(super) fn take(colour: bool) -> io::Result<Self> {
        restore_before_panics();
        let terminal = Self { colour };
        terminal.resume()?;
        Ok(terminal)
    }

    /// Gives the terminal to somebody else, until [`resume`](Self::resume).
    pub(super) fn pause(&self) {
        restore();
    }

    /// Takes the terminal again, also if it was never given away: whoever stopped this process may have
    /// changed it.
    pub(super) fn resume(&self) -> io::Result<()> {
        TAKEN.store(true, Ordering::SeqCst);
        // Crossterm takes a terminal that it made raw for raw, whatever others did to it since.
        terminal::disable_raw_mode()?;
        terminal::enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, Hide)
    }

    /// Columns and rows.
    pub(super) fn size() -> (usize, usize) {
        let (columns, rows) = terminal::size().unwrap_or((80, 24));
        // A pseudo-terminal whose size nobody set has none.
        let or = |size, usual| if size == 0 { usual } else { usize::from(size) };
        (or(columns, 80), or(rows, 24))
    }

    /// Shows these lines, and the cursor where it is asked for.
    ///
    /// The terminal gets all of it in one piece, so that nobody sees half a screen.
    pub(super) fn draw(&self, lines: &[String], cursor: Option<(u16, u16)>) -> io::Result<()> {
        let mut screen = Vec::new();
        queue!(screen, BeginSynchronizedUpdate, Hide, MoveTo(0, 0))?;
        for (row, line) in lines.iter().enumerate() {
            if row > 0 {
                queue!(screen, Print("\r\n"))?;
            }
            if self.colour {
                queue!(screen, Print(line), Print("\u{1b}[0m"))?;
            } else {
                queue!(screen, Print(anstream::adapter::strip_str(line)))?;
            }
            queue!(screen, Clear(ClearType::UntilNewLine))?;
        }
        queue!(screen, Clear(ClearType::FromCursorDown))?;
        if let Some((column, row)) = cursor {
            queue!(screen, MoveTo(column, row), Show)?;
        }
        queue!(screen, EndSynchronizedUpdate)?;
        let mut out = io::stdout().lock();
        out.write_all(&screen)?;
        out.flush()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back, if it was taken.
fn restore() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // Nothing more can be done for a terminal that is gone.
        drop(execute!(io::stdout(), Show, LeaveAlternateScreen));
        drop(terminal::disable_raw_mode());
    }
}

/// A panic's message belongs on the screen that the shell goes on with.
fn restore_before_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            restore();
            print(info);
        }));
    });
}

/// Breaks a line that is too wide into several, at spaces where there are any, and sets those that follow
/// in as far as the first. Escape sequences take no columns.
pub(super) fn broken(line: &str, columns: usize) -> Vec<String> {
    let leading = line.len() - line.trim_start_matches(' ').len();
    // Set in too far, there would be no room for words.
    let indent = if leading * 2 < columns { leading } else { 0 };
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut used = 0;
    // Behind the last space that the line can be broken at.
    let mut gap: Option<(usize, usize)> = None;
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            let is_osc = rest.peek() == Some(&']');
            current.push(c);
            for c in rest.by_ref() {
                current.push(c);
                let at_end = if is_osc {
                    c == '\u{7}' || (c == '\\' && current.ends_with("\u{1b}\\"))
                } else {
                    c != '[' && ('@'..='~').contains(&c)
                };
                if at_end {
                    break;
                }
            }
            continue;
        }
        let c = if c == '\t' { ' ' } else { c };
        let width = c.width().unwrap_or(0);
        if used + width > columns && used > 0 {
            // A space that does not fit is where the line ends; it is not seen at its end.
            let here = (current.len(), used);
            let (at, column) = gap.take().filter(|_| c != ' ').unwrap_or(here);
            let next = current.split_off(at);
            lines.push(std::mem::replace(&mut current, " ".repeat(indent) + &next));
            used = indent + used - column;
            if c == ' ' {
                continue;
            }
        }
        current.push(c);
        used += width;
        if c == ' ' && used > leading {
            gap = Some((current.len(), used));
        }
    }
    lines.push(current);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_line_is_broken_and_loses_nothing() {
        assert_eq!(broken("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(broken("", 4), [""]);
        assert_eq!(broken("abcd", 4), ["abcd"]);
        assert_eq!(broken("日本語", 4), ["日本", "語"]);
    }

    #[test]
    fn a_line_is_broken_at_spaces_and_set_in() {
        assert_eq!(broken("one two three", 8), ["one two ", "three"]);
        assert_eq!(broken("  one two three", 9), ["  one two", "  three"]);
        assert_eq!(broken("one twothree", 8), ["one ", "twothree"]);
        assert_eq!(broken("      deep", 8), ["      de", "ep"]);
    }

    #[test]
    fn escape_sequences_take_no_columns() {
        let red = "\u{1b}[31mabcd\u{1b}[0m";
        assert_eq!(broken(red, 4), [red]);
        let link = "\u{1b}]8;;file:///a/long/path\u{1b}\\abcd\u{1b}]8;;\u{1b}\\";
        assert_eq!(broken(link, 4), [link]);
    }
}
