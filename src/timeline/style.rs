//! How wide a drawing is, and of which characters.

use std::{
    env,
    io::{self, IsTerminal as _},
};

use super::Ink;

/// How wide to draw, and with which characters.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Style {
    /// The columns that a line may take, of which [`MIN_WIDTH`](Self::MIN_WIDTH) are always used.
    pub width: usize,
    /// The characters to draw with.
    pub charset: Charset,
}

/// The characters that a timeline is drawn with. `┊`, or `|`, crosses the rows at a moment that decides.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Charset {
    /// `┄` made, not polled yet; `━` waiting; `█` holding the thread; `╳` dropped; `▲` failed.
    Unicode,
    /// `.` made, not polled yet; `=` waiting; `#` holding the thread; `x` dropped; `!` failed.
    Ascii,
}

impl Style {
    /// The fewest columns that a timeline can be drawn in.
    pub const MIN_WIDTH: usize = 40;
    /// The columns that are drawn in where nothing says how many there are.
    pub const DEFAULT_WIDTH: usize = 80;
    /// Wider than this, bars grow no easier to compare.
    const MAX_WIDTH: usize = 100;

    /// Unicode, within `width` columns.
    #[must_use]
    pub fn unicode(width: usize) -> Self {
        Self {
            width,
            charset: Charset::Unicode,
        }
    }

    /// ASCII, within `width` columns.
    #[must_use]
    pub fn ascii(width: usize) -> Self {
        Self {
            width,
            charset: Charset::Ascii,
        }
    }

    /// As wide as the terminal; where there is none, as wide as `COLUMNS` says, or else 80 columns. ASCII
    /// where the terminal is `dumb` or the locale names another encoding than UTF-8.
    #[must_use]
    pub fn detect() -> Self {
        // Only where standard output goes counts: a pipe is no terminal, wherever its reader sits.
        let terminal = terminal_size::terminal_size_of(io::stdout());
        let width = match terminal {
            Some((terminal_size::Width(width), _)) => Some(usize::from(width)),
            None => env::var("COLUMNS")
                .ok()
                .and_then(|columns| columns.parse().ok()),
        };
        let width = width.filter(|width| *width > 0);
        let width = width.unwrap_or(Self::DEFAULT_WIDTH);
        Self {
            width: width.min(Self::MAX_WIDTH),
            charset: Charset::detect(),
        }
    }
}

impl Charset {
    /// ASCII where the terminal is `dumb` or the locale names another encoding than UTF-8.
    #[must_use]
    pub fn detect() -> Self {
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        // The first of these that is set holds, as in POSIX. `C` and `POSIX` are what containers and
        // build machines have, whose viewers read UTF-8 all the same.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(variable);
        let other_encoding = locale
            .as_deref()
            .and_then(|locale| locale.split_once('.'))
            .is_some_and(|(_, encoding)| !encoding.to_lowercase().starts_with("utf"));
        if variable("TERM").as_deref() == Some("dumb") || other_encoding {
            Self::Ascii
        } else {
            Self::Unicode
        }
    }

    pub(super) const fn glyphs(self) -> Glyphs {
        match self {
            Self::Unicode => Glyphs {
                unpolled: '┄',
                waiting: '━',
                busy: '█',
                dropped: '╳',
                failed: '▲',
                cut: '…',
                line: '┊',
                arrow: '↑',
                beyond: '→',
            },
            Self::Ascii => Glyphs {
                unpolled: '.',
                waiting: '=',
                busy: '#',
                dropped: 'x',
                failed: '!',
                cut: '~',
                line: '|',
                arrow: '^',
                beyond: '>',
            },
        }
    }
}

/// The characters of one [`Charset`].
pub(super) struct Glyphs {
    pub(super) unpolled: char,
    pub(super) waiting: char,
    pub(super) busy: char,
    pub(super) dropped: char,
    pub(super) failed: char,
    pub(super) cut: char,
    /// Crosses the rows at a moment.
    pub(super) line: char,
    /// Points at a moment from below.
    pub(super) arrow: char,
    /// Points at a moment that comes after the end of the drawing.
    pub(super) beyond: char,
}

impl Glyphs {
    /// Those with a meaning, in the order in which a legend has them.
    pub(super) const fn inks(&self) -> [(char, Ink); 5] {
        [
            (self.unpolled, Ink::Unpolled),
            (self.waiting, Ink::Waiting),
            (self.busy, Ink::Blocking),
            (self.failed, Ink::Failed),
            (self.dropped, Ink::Dropped),
        ]
    }
}

/// Whether standard output is a terminal that takes colours, and nobody has asked for none: `NO_COLOR` and
/// `CLICOLOR_FORCE` say otherwise.
pub(super) fn colour_wanted() -> bool {
    if anstyle_query::no_color() {
        return false;
    }
    anstyle_query::clicolor_force()
        || (io::stdout().is_terminal()
            && anstyle_query::term_supports_ansi_color()
            && anstyle_query::clicolor() != Some(false))
}
