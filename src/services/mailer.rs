//! A simulated mailer: what lessons and exercises send mail through instead of somebody's real server.
//!
//! [`Mailer`] is a trait that can be used as `dyn Mailer`: its one method returns a boxed future. Behind
//! it stands a [`SimulatedMailer`], which takes its time, fails or panics for the addresses that it is
//! told to, and remembers when each mail went out, on the clock in use.
//!
//! ```
//! # use std::{sync::Arc, time::Duration};
//! use async_workbook::services::mailer::{Mailer, SimulatedMailer};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let outbox = Arc::new(SimulatedMailer::new(Duration::from_secs(2)).fails_for("nobody@"));
//! let mailer: Arc<dyn Mailer> = outbox.clone();
//!
//! let start = tokio::time::Instant::now();
//! mailer.send("ada@example.org", "Welcome!").await.expect("the address is known");
//! mailer.send("nobody@", "Welcome!").await.expect_err("the address fails");
//!
//! let sent = outbox.sent();
//! assert_eq!(sent.len(), 1);
//! assert_eq!(sent[0].to, "ada@example.org");
//! assert_eq!(sent[0].at - start, Duration::from_secs(2));
//! # }
//! ```

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use futures::future::BoxFuture;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::probes::lifecycle::{self, LifecycleLog};

/// Sends mail.
pub trait Mailer: Send + Sync {
    /// Has the mail server send `text` to the address `to`.
    ///
    /// The returned future is lazy: nothing is sent until it is polled. It owns the address and the text, and
    /// is boxed, so that a `dyn Mailer` can return it.
    ///
    /// # Errors
    ///
    /// The server does not take the mail.
    fn send(&self, to: &str, text: &str) -> BoxFuture<'_, Result<(), MailError>>;
}

/// The mail server does not take a mail.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the mail server refuses mail to {to}")]
pub struct MailError {
    /// The address.
    pub to: String,
}

/// A mail that went out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sent {
    /// The address that it went to.
    pub to: String,
    /// What it says.
    pub text: String,
    /// When it went out.
    pub at: Instant,
}

/// A mailer that sends nothing and remembers everything. An attempt takes the same time however it
/// ends; on a [timeline](crate::timeline) it is a row `mail to <address>`.
#[derive(Debug)]
pub struct SimulatedMailer {
    latency: Duration,
    latencies: HashMap<String, Duration>,
    failing: HashSet<String>,
    panicking: HashSet<String>,
    attempts: LifecycleLog<Mail, Outcome>,
}

#[derive(Clone, Debug)]
struct Mail {
    to: String,
    text: String,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Outcome {
    Sent,
    Failed,
    Panicked,
    Dropped,
}

impl lifecycle::Outcome for Outcome {
    const DROPPED: Self = Self::Dropped;

    fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::Dropped => "dropped",
        }
    }
}

impl SimulatedMailer {
    /// A mailer that takes `latency` for each mail.
    #[must_use]
    pub fn new(latency: Duration) -> Self {
        Self {
            latency,
            latencies: HashMap::new(),
            failing: HashSet::new(),
            panicking: HashSet::new(),
            attempts: LifecycleLog::default(),
        }
    }

    /// Takes `latency` for mail to this address.
    #[must_use]
    pub fn latency_for(mut self, to: impl Into<String>, latency: Duration) -> Self {
        self.latencies.insert(to.into(), latency);
        self
    }

    /// Refuses mail to this address, after the latency.
    #[must_use]
    pub fn fails_for(mut self, to: impl Into<String>) -> Self {
        self.failing.insert(to.into());
        self
    }

    /// Panics on mail to this address, after the latency.
    #[must_use]
    pub fn panics_for(mut self, to: impl Into<String>) -> Self {
        self.panicking.insert(to.into());
        self
    }

    /// The mails that went out, in the order in which they did.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        self.attempts.ended(|attempt| {
            let end = attempt.end.filter(|end| end.outcome == Outcome::Sent)?;
            let Mail { to, text } = attempt.subject.clone();
            Some(Sent {
                to,
                text,
                at: end.at,
            })
        })
    }

    /// How many mails were begun, whatever became of them.
    #[must_use]
    pub fn attempts(&self) -> usize {
        self.attempts.count(|attempt| attempt.start.is_some())
    }
}

impl Mailer for SimulatedMailer {
    /// Sends nothing, and remembers the mail after the latency.
    ///
    /// # Panics
    ///
    /// The future panics for an address given to [`panics_for`](SimulatedMailer::panics_for).
    ///
    /// # Cancel safety
    ///
    /// A future that is dropped before it ends has sent nothing.
    fn send(&self, to: &str, text: &str) -> BoxFuture<'_, Result<(), MailError>> {
        let (to, text) = (to.to_owned(), text.to_owned());
        let label = format!("mail to {to}");
        let span = tracing::info_span!("mail", %label, outcome = tracing::field::Empty);
        let mail = Mail {
            to: to.clone(),
            text,
        };
        let mut ticket = self.attempts.made(mail, span.clone());
        let attempt = async move {
            ticket.started();
            let latency = self.latencies.get(&to).copied();
            tokio::time::sleep(latency.unwrap_or(self.latency)).await;
            if self.panicking.contains(&to) {
                ticket.ended(Outcome::Panicked);
                panic!("the mailer has a fault: mail to {to}");
            }
            if self.failing.contains(&to) {
                ticket.ended(Outcome::Failed);
                return Err(MailError { to });
            }
            ticket.ended(Outcome::Sent);
            Ok(())
        };
        Box::pin(attempt.instrument(span))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::time::timeout;

    use super::*;
    use crate::{
        timeline::{End, Recorder},
        verdict::catch_panic,
    };

    const LATENCY: Duration = Duration::from_secs(2);

    #[tokio::test(start_paused = true)]
    async fn a_mail_goes_out_after_the_latency() {
        let mailer = Arc::new(SimulatedMailer::new(LATENCY));
        let dynamic: Arc<dyn Mailer> = mailer.clone();
        let start = Instant::now();
        let task = tokio::spawn(async move { dynamic.send("ada@example.org", "Welcome!").await });
        tokio::time::sleep(LATENCY / 2).await;
        assert_eq!((mailer.attempts(), mailer.sent().len()), (1, 0));
        assert_eq!(task.await.expect("the task does not panic"), Ok(()));
        let expected = Sent {
            to: "ada@example.org".into(),
            text: "Welcome!".into(),
            at: start + LATENCY,
        };
        assert_eq!(mailer.sent(), [expected]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_future_that_is_not_polled_sends_nothing() {
        let mailer = SimulatedMailer::new(Duration::ZERO);
        drop(mailer.send("ada@example.org", "Welcome!"));
        assert_eq!((mailer.attempts(), mailer.sent().len()), (0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_mail_that_is_dropped_half_way_does_not_go_out() {
        let mailer = SimulatedMailer::new(LATENCY);
        let sending = mailer.send("ada@example.org", "Welcome!");
        timeout(LATENCY / 2, sending)
            .await
            .expect_err("it takes longer");
        tokio::time::sleep(LATENCY).await;
        assert_eq!((mailer.attempts(), mailer.sent().len()), (1, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn failures_and_panics_take_the_latency_too_and_send_nothing() {
        let mailer = SimulatedMailer::new(LATENCY)
            .fails_for("nobody@example.org")
            .panics_for("bug@example.org");
        let start = Instant::now();
        let refused = mailer.send("nobody@example.org", "Welcome!");
        let error = refused.await.expect_err("the address is refused");
        assert_eq!(
            error.to_string(),
            "the mail server refuses mail to nobody@example.org"
        );
        let broken = mailer.send("bug@example.org", "Welcome!");
        let message = catch_panic(broken)
            .await
            .expect_err("the address has it panic");
        assert_eq!(message, "the mailer has a fault: mail to bug@example.org");
        assert_eq!(start.elapsed(), 2 * LATENCY);
        assert_eq!((mailer.attempts(), mailer.sent().len()), (2, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_may_have_a_latency_of_its_own() {
        let mailer = SimulatedMailer::new(LATENCY).latency_for("zoe@example.org", 3 * LATENCY);
        let start = Instant::now();
        let (slow, fast) = tokio::join!(
            mailer.send("zoe@example.org", "Welcome!"),
            mailer.send("ada@example.org", "Welcome!"),
        );
        assert_eq!((slow, fast), (Ok(()), Ok(())));
        let sent = mailer.sent();
        let sent: Vec<_> = sent
            .iter()
            .map(|sent| (sent.to.as_str(), sent.at - start))
            .collect();
        assert_eq!(
            sent,
            [
                ("ada@example.org", LATENCY),
                ("zoe@example.org", 3 * LATENCY)
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_timeline_shows_how_each_attempt_ended() {
        let mailer = SimulatedMailer::new(LATENCY).fails_for("nobody@example.org");
        let recorder = Recorder::new();
        let _attached = recorder.attach();
        let mail = |to| mailer.send(to, "Welcome!");
        mail("ada@example.org").await.expect("the address is known");
        let refused = mail("nobody@example.org").await;
        refused.expect_err("the address is refused");
        let late = timeout(LATENCY / 2, mail("eve@example.org")).await;
        late.expect_err("it takes longer");
        let rows = recorder.timeline().rows;
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.label.as_str(), row.end))
            .collect();
        assert_eq!(
            shown,
            [
                ("mail to ada@example.org", End::Finished),
                ("mail to nobody@example.org", End::Failed),
                ("mail to eve@example.org", End::Dropped),
            ]
        );
    }
}
