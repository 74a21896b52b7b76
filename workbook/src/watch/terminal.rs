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

use crate::text::{Line, Painter};
use crossterm::{
    cursor::{Hide, MoveTo, Show},
    execute, queue,
    style::Print,
    terminal::{
        self, BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate,
        EnterAlternateScreen, LeaveAlternateScreen,
    },
};

/// Whether the terminal is the workbook's at this moment. A terminal is there once for the whole process.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal, taken. Dropping this gives it back; so does a panic, before its message is printed.
#[derive(Debug)]
#[must_use = "the terminal is given back when this is dropped"]
pub(super) struct Terminal {
    painter: Painter,
}

impl Terminal {
    /// Takes the terminal.
    ///
    /// # Errors
    ///
    /// It is none that can be taken.
    pub(super) fn take(painter: Painter) -> io::Result<Self> {
        restore_before_panics();
        let terminal = Self { painter };
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
    pub(super) fn draw(&self, lines: &[Line], cursor: Option<(u16, u16)>) -> io::Result<()> {
        let mut screen = Vec::new();
        queue!(screen, BeginSynchronizedUpdate, Hide, MoveTo(0, 0))?;
        for (row, line) in lines.iter().enumerate() {
            if row > 0 {
                queue!(screen, Print("\r\n"))?;
            }
            queue!(screen, Print(self.painter.paint(line)))?;
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
