//! Two channels with something to move between them.

use async_workbook::harness::ms;
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    task::JoinHandle,
    time::sleep,
};
use tokio_util::sync::CancellationToken;

pub(super) struct Channels {
    /// What puts messages in.
    input: Option<Sender<String>>,
    pub(super) from: Receiver<String>,
    pub(super) to: Sender<String>,
    /// What takes messages out, unless a consumer does.
    output: Option<Receiver<String>>,
    pub(super) stop: CancellationToken,
}

impl Channels {
    /// So many messages wait, and there is room for so many of them.
    pub(super) fn new(messages: usize, room: usize) -> Self {
        let (input, from) = channel(messages + 2);
        let (to, output) = channel(room);
        for number in 1..=messages {
            let sent = input.try_send(name(number));
            sent.expect("there is room for all of them");
        }
        Self {
            input: Some(input),
            from,
            to,
            output: Some(output),
            stop: CancellationToken::new(),
        }
    }

    /// A message comes every so many milliseconds. With 0, all wait already.
    pub(super) fn producing_every(millis: u64, messages: usize, room: usize) -> Self {
        if millis == 0 {
            let mut channels = Self::new(messages, room);
            channels.end_input();
            return channels;
        }
        let mut channels = Self::new(0, room);
        let (input, from) = channel(messages);
        channels.from = from;
        channels.input = None;
        tokio::spawn(async move {
            for number in 1..=messages {
                sleep(ms(millis)).await;
                let _closed = input.send(name(number)).await;
            }
        });
        channels
    }

    /// A task sends so many messages, as fast as they're taken. It returns how many it could send.
    pub(super) fn busy(messages: usize, room: usize) -> (Self, JoinHandle<usize>) {
        let mut channels = Self::new(0, room);
        let (input, from) = channel(room);
        channels.from = from;
        channels.input = None;
        let producer = tokio::spawn(async move {
            for number in 1..=messages {
                if input.send(name(number)).await.is_err() {
                    return number - 1;
                }
            }
            messages
        });
        (channels, producer)
    }

    /// Takes messages as fast as they come, and counts them.
    pub(super) fn consume_all(&mut self) -> JoinHandle<usize> {
        let mut output = self.output.take().expect("one consumer is enough");
        tokio::spawn(async move {
            let mut messages = 0;
            while output.recv().await.is_some() {
                messages += 1;
            }
            messages
        })
    }

    pub(super) fn end_input(&mut self) {
        self.input = None;
    }

    /// Takes a message every so many milliseconds, until the channel ends. With 0, as they come.
    pub(super) fn consume_every(&mut self, millis: u64) -> JoinHandle<Vec<String>> {
        let mut output = self.output.take().expect("one consumer is enough");
        tokio::spawn(async move {
            let mut messages = Vec::new();
            loop {
                sleep(ms(millis)).await;
                match output.recv().await {
                    Some(message) => messages.push(message),
                    None => return messages,
                }
            }
        })
    }

    /// What has arrived so far.
    pub(super) fn arrived(&mut self) -> Vec<String> {
        let output = self.output.as_mut().expect("no consumer has it");
        std::iter::from_fn(|| output.try_recv().ok()).collect()
    }

    pub(super) fn fill(&mut self) {
        while self.to.try_send("before".to_owned()).is_ok() {}
    }

    pub(super) fn stop_in(&self, millis: u64) -> JoinHandle<()> {
        let stop = self.stop.clone();
        tokio::spawn(async move {
            sleep(ms(millis)).await;
            stop.cancel();
        })
    }

    pub(super) fn close_in(&mut self, millis: u64) -> JoinHandle<()> {
        let output = self.output.take();
        tokio::spawn(async move {
            sleep(ms(millis)).await;
            drop(output);
        })
    }

    pub(super) fn send_in(&self, millis: u64, message: &str) -> JoinHandle<()> {
        let (input, message) = (self.input.clone(), message.to_owned());
        tokio::spawn(async move {
            sleep(ms(millis)).await;
            if let Some(input) = input {
                let _closed = input.send(message).await;
            }
        })
    }

    pub(super) fn drop_receiver(&mut self) {
        self.output = None;
    }

    /// Ends `to`, so that its consumer ends.
    pub(super) fn close(&mut self) {
        self.to = channel(1).0;
    }
}

pub(super) fn name(number: usize) -> String {
    format!("message {number}")
}
