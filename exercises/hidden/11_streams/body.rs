//! Reads server-sent events from the body of a response, as a browser does.

use std::{future::poll_fn, task::Poll, time::Duration};

use axum::body::BodyDataStream;
use futures::StreamExt as _;
use tokio::time::{Instant, timeout};

use crate::Response;

/// What comes between two blank lines.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Event { name: String, data: String },
    Comment,
}

impl Part {
    pub(crate) fn message(data: &str) -> Self {
        Self::Event {
            name: String::new(),
            data: data.to_owned(),
        }
    }
}

/// What came of reading on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Read {
    Part(Part),
    /// The body has ended, as it should.
    End,
    /// The body ended in an error, or in the middle of an event.
    Broken(String),
    /// Nothing whole came in time: this is what has come.
    Nothing(String),
    /// The body was polled again and again, with no time between the polls.
    Spins,
}

/// More polls than this at the same moment lead nowhere.
const MANY: usize = 10_000;

pub(crate) struct Reader {
    body: BodyDataStream,
    text: String,
}

impl Reader {
    pub(crate) fn new(response: Response) -> Self {
        Self {
            body: response.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    /// Reads the next event or comment, for no longer than this.
    pub(crate) async fn next(&mut self, within: Duration) -> Read {
        match timeout(within, self.read()).await {
            Ok(read) => read,
            Err(_) => Read::Nothing(self.text.clone()),
        }
    }

    async fn read(&mut self) -> Read {
        loop {
            while let Some(block) = self.block() {
                if let Some(part) = part(&block) {
                    return Read::Part(part);
                }
            }
            let (mut polls, mut last) = (0, Instant::now());
            let chunk = poll_fn(|context| {
                let now = Instant::now();
                polls = if now == last { polls + 1 } else { 0 };
                last = now;
                if polls > MANY {
                    return Poll::Ready(Err(Read::Spins));
                }
                self.body.poll_next_unpin(context).map(Ok)
            });
            match chunk.await {
                Err(spins) => return spins,
                Ok(Some(Ok(chunk))) => {
                    let text = String::from_utf8_lossy(&chunk).replace("\r\n", "\n");
                    self.text.push_str(&text.replace('\r', "\n"));
                }
                Ok(Some(Err(error))) => return Read::Broken(error.to_string()),
                Ok(None) if self.text.is_empty() => return Read::End,
                Ok(None) => return Read::Broken(self.text.clone()),
            }
        }
    }

    /// The next lines up to a blank one, if all of them have come, or the comments before them, which need no blank line.
    fn block(&mut self) -> Option<String> {
        let blank = self.text.len() - self.text.trim_start_matches('\n').len();
        self.text.drain(..blank);
        let lines = self.text.split_inclusive('\n');
        let comments = lines.take_while(|line| line.starts_with(':') && line.ends_with('\n'));
        let end = match comments.map(str::len).sum() {
            0 => self.text.find("\n\n")? + 2,
            comments => comments,
        };
        Some(self.text.drain(..end).collect())
    }
}

/// What a browser makes of these lines: an event only if they have data, and `message` is the name of those without any.
fn part(block: &str) -> Option<Part> {
    let lines = || block.lines().filter(|line| !line.is_empty());
    if lines().all(|line| line.starts_with(':')) {
        return Some(Part::Comment);
    }
    let fields = |wanted: &str| -> Vec<String> {
        let fields = lines().filter_map(|line| {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            (field == wanted).then(|| value.to_owned())
        });
        fields.collect()
    };
    let data = fields("data");
    let name = fields("event").pop().unwrap_or_default();
    (!data.is_empty()).then(|| Part::Event {
        name: if name == "message" {
            String::new()
        } else {
            name
        },
        data: data.join("\n"),
    })
}
