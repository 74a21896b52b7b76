//! What the peers of a scenario sent and got, and when.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::time::Instant;

use crate::wire::Frame;

/// Shared by the peers of a scenario, in the order in which things happened.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    start: Instant,
    entries: Arc<Mutex<Vec<Entry>>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Milliseconds since the start.
    pub(crate) at: u64,
    pub(crate) peer: &'static str,
    pub(crate) what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    Sent(Frame),
    /// Bytes that are no frame, or none that a peer should send: in words.
    Broke(&'static str),
    Got(Frame),
    /// The peer's end of the connection went away without a word.
    Vanished,
    /// The server's end of the connection is closed.
    Ended,
    /// The function that served it returned.
    Returned,
    /// The function that served it panicked.
    Panicked,
    /// Something else that helps to understand the rest.
    Note(&'static str),
}

impl Log {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            entries: Arc::default(),
        }
    }

    pub(crate) fn now(&self) -> u64 {
        let passed = self.start.elapsed().as_millis();
        u64::try_from(passed).expect("no scenario is that long")
    }

    pub(crate) fn add(&self, peer: &'static str, what: What) {
        // What's dropped with the runtime has no clock any more.
        if tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        let at = self.now();
        self.with(|entries| entries.push(Entry { at, peer, what }));
    }

    fn with<T>(&self, change: impl FnOnce(&mut Vec<Entry>) -> T) -> T {
        change(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn all(&self) -> Vec<Entry> {
        self.with(|entries| entries.clone())
    }

    /// What a peer got, and when.
    pub(crate) fn got(&self, peer: &str) -> Vec<(u64, Frame)> {
        let all = self.all().into_iter();
        all.filter(|entry| entry.peer == peer)
            .filter_map(|entry| match entry.what {
                What::Got(frame) => Some((entry.at, frame)),
                _ => None,
            })
            .collect()
    }

    /// The texts that a peer got, and when.
    pub(crate) fn texts(&self, peer: &str) -> Vec<(u64, String)> {
        let got = self.got(peer).into_iter();
        got.filter_map(|(at, frame)| match frame {
            Frame::Text(text) => Some((at, text)),
            _ => None,
        })
        .collect()
    }

    /// The first Close that a peer got, and when.
    pub(crate) fn close(&self, peer: &str) -> Option<(u64, Option<u16>)> {
        let got = self.got(peer).into_iter();
        let mut closes = got.filter_map(|(at, frame)| match frame {
            Frame::Close(code) => Some((at, code)),
            _ => None,
        });
        closes.next()
    }

    /// When this first happened to a peer.
    pub(crate) fn when(&self, peer: &str, what: &What) -> Option<u64> {
        let all = self.all().into_iter();
        let mut found = all.filter(|entry| entry.peer == peer && entry.what == *what);
        found.next().map(|entry| entry.at)
    }

    /// What happened, in lines of text: of one peer, or of all.
    pub(crate) fn drawn(&self, peer: Option<&str>) -> String {
        let mut entries = self.all();
        entries.retain(|entry| peer.is_none_or(|peer| entry.peer == peer));
        let mut lines = Vec::new();
        for group in repeated(&entries) {
            let entry = &group[0];
            let name = if entry.peer.is_empty() {
                ""
            } else {
                entry.peer
            };
            let mut line = format!("{:>9}  {name:<6} ", seconds(entry.at));
            write!(line, "{}", described(&entry.what)).expect("a string takes all");
            if let [_, _, ..] = group {
                write!(line, "  ({} times)", group.len()).expect("a string takes all");
            }
            lines.push(line + "\n");
        }
        const FIRST: usize = 8;
        const LAST: usize = 10;
        if lines.len() > FIRST + LAST {
            let left_out = lines.len() - FIRST - LAST;
            let note = format!("{:>9}  and {left_out} more\n", "…");
            lines.splice(FIRST..FIRST + left_out, [note]);
        }
        lines.concat()
    }
}

/// Entries in groups: what a peer did several times in a row, at the same moment, is one.
fn repeated(entries: &[Entry]) -> Vec<&[Entry]> {
    entries
        .chunk_by(|a, b| (a.at, a.peer, &a.what) == (b.at, b.peer, &b.what))
        .collect()
}

fn described(what: &What) -> String {
    match what {
        What::Sent(frame) => format!("→ {frame}"),
        What::Broke(bytes) => format!("→ {bytes}"),
        What::Got(frame) => format!("← {frame}"),
        What::Vanished => "goes away without a Close".to_owned(),
        What::Ended => "sees the connection end".to_owned(),
        What::Returned => "the function that serves it returns".to_owned(),
        What::Panicked => "the function that serves it panics".to_owned(),
        What::Note(note) => (*note).to_owned(),
    }
}

/// `10 s`, `0.5 s`
pub(crate) fn seconds(millis: u64) -> String {
    let (whole, rest) = (millis / 1000, millis % 1000);
    let rest = format!("{rest:03}");
    match rest.trim_end_matches('0') {
        "" => format!("{whole} s"),
        rest => format!("{whole}.{rest} s"),
    }
}
