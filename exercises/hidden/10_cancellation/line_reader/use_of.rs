//! Uses a reader, and drops its calls in one manner or another.

use std::{
    future::{pending, poll_fn},
    io,
    pin::pin,
    task::Poll,
};

use async_workbook::{harness::ms, probes::drops::Drops};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::{
    input::Feed,
    script::{Line, Script},
};
use crate::{
    Answer, Lines,
    dropping::{HANGS, a_moment, millis, take_steps},
};

/// Far more than any script needs, a millisecond each.
const MOST_DROPS: usize = 20_000;

/// When the calls of `next` are dropped.
#[derive(Clone, Copy, Debug)]
pub(super) enum Manner {
    LeftAlone,
    /// Whenever so many milliseconds have passed.
    Ticks(u64),
    /// At their first poll.
    EveryPoll,
    /// At their first poll. Before every other one of them, so many steps were taken.
    InHaste {
        steps: u32,
        odd: bool,
    },
    /// One of them, when all together have been polled so often.
    AtPoll(usize),
}

/// What a reader returned.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) lines: Vec<Line>,
    pub(super) end: End,
    /// When a call was dropped.
    pub(super) drops: Vec<u64>,
}

#[derive(Debug)]
pub(super) enum End {
    /// `None`, and again `None` after it.
    Ended,
    /// `None`, and something else after it.
    WentOn,
    Failed(io::Error),
    /// A call never returned.
    Hung,
    /// It returned far more lines than there are.
    TooMany,
}

pub(super) async fn read(answer: &Answer, script: &Script, manner: Manner) -> Read {
    let start = Instant::now();
    let mut reader = (answer.line_reader)(Box::new(Feed::new(script, start)));
    let mut caller = Caller {
        manner,
        start,
        drops: Vec::new(),
        polls: 0,
        watch: Drops::new(),
    };
    let (mut lines, most) = (Vec::new(), script.lines().len() + 20);
    let end = loop {
        if lines.len() > most {
            break End::TooMany;
        }
        match timeout(HANGS, caller.next(&mut *reader)).await {
            Err(_elapsed) => break End::Hung,
            Ok(Err(error)) => break End::Failed(error),
            Ok(Ok(Some(text))) => lines.push(Line {
                text,
                at: millis(start, Instant::now()),
            }),
            Ok(Ok(None)) => {
                let again = timeout(HANGS, reader.call_next()).await;
                break match again {
                    Ok(Ok(None)) => End::Ended,
                    _ => End::WentOn,
                };
            }
        }
    };
    Read {
        lines,
        end,
        drops: caller.drops,
    }
}

struct Caller {
    manner: Manner,
    start: Instant,
    drops: Vec<u64>,
    polls: usize,
    /// Draws the calls.
    watch: Drops,
}

impl Caller {
    fn now(&self) -> u64 {
        millis(self.start, Instant::now())
    }

    async fn next(&mut self, reader: &mut dyn Lines) -> io::Result<Option<String>> {
        match self.manner {
            Manner::LeftAlone => self.watch.watch("next", reader.call_next()).await,
            Manner::Ticks(millis) => {
                let mut ticks = interval_at(Instant::now() + ms(millis), ms(millis));
                ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                loop {
                    tokio::select! {
                        biased;
                        line = self.watch.watch("next", reader.call_next()) => return line,
                        _ = ticks.tick() => self.drops.push(self.now()),
                    }
                }
            }
            Manner::EveryPoll | Manner::InHaste { .. } => loop {
                // The first of all is dropped before it was polled at all.
                if self.polls == 0 {
                    drop(reader.call_next());
                }
                self.polls += 1;
                let mut call = reader.call_next();
                let steps = match self.manner {
                    Manner::InHaste { steps, odd } if odd == (self.polls % 2 == 1) => steps,
                    _ => 0,
                };
                let polled = poll_fn(|context| {
                    take_steps(steps, context);
                    Poll::Ready(call.as_mut().poll(context))
                });
                let polled = polled.await;
                drop(call);
                if let Poll::Ready(line) = polled {
                    return line;
                }
                self.drops.push(self.now());
                if self.drops.len() > MOST_DROPS {
                    return pending().await;
                }
                a_moment().await;
            },
            Manner::AtPoll(poll) => loop {
                let mut call = pin!(self.watch.watch("next", reader.call_next()));
                let (polls, is_over) = (&mut self.polls, !self.drops.is_empty());
                let polled = poll_fn(|context| {
                    let is_last = *polls == poll && !is_over;
                    if is_last {
                        return Poll::Ready(None);
                    }
                    *polls += 1;
                    call.as_mut().poll(context).map(Some)
                });
                match polled.await {
                    Some(line) => return line,
                    None => self.drops.push(self.now()),
                }
            },
        }
    }
}
