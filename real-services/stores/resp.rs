//! A small server of Redis' protocol (RESP2), over any stream: a socket, or a `duplex` in memory.
//!
//! It keeps time by tokio's clock. So on the paused clock, keys expire in virtual time, and a client that counts on it can
//! be tested to the millisecond. It knows `PING`, `GET`, `SET` (with `EX`, `PX`, `NX`), `DEL`, `EXPIRE`, `TTL`, `PTTL`, `INCR`,
//! `INCRBY` and `CLIENT SETINFO`, which every client sends first. Anything else is an error, as it is in Redis for a
//! command that it doesn't know.
//!
//! ```
//! use std::time::Duration;
//! use real_stores::resp::Resp;
//! use redis::AsyncTypedCommands as _;
//! use tokio::time::sleep;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> redis::RedisResult<()> {
//! let mut client = Resp::default().client().await?;
//! client.set("author:1", "Ada").await?;
//! client.expire("author:1", 1).await?;
//!
//! sleep(Duration::from_millis(999)).await;
//! assert_eq!(client.get("author:1").await?.as_deref(), Some("Ada"));
//! sleep(Duration::from_millis(2)).await;
//! assert_eq!(client.get("author:1").await?, None);
//! # Ok(())
//! # }
//! ```

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use redis::{AsyncConnectionConfig, RedisConnectionInfo, RedisResult, aio::MultiplexedConnection};
use tokio::{
    io::{
        AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt as _, BufStream,
        DuplexStream, duplex,
    },
    time::Instant,
};

/// A server. Clones share their keys.
#[derive(Clone, Debug, Default)]
pub struct Resp(Arc<Mutex<HashMap<Vec<u8>, Entry>>>);

#[derive(Debug)]
struct Entry {
    value: Vec<u8>,
    expires: Option<Instant>,
}

/// What the protocol can answer.
#[derive(Debug)]
enum Reply {
    Simple(&'static str),
    Error(String),
    Integer(i64),
    Bulk(Vec<u8>),
    Null,
}

/// How long a request may be, so that a wrong one doesn't take all memory.
const MAX_WORDS: usize = 1024;
const MAX_WORD: usize = 1 << 20;

impl Resp {
    /// Serves a client until it hangs up.
    ///
    /// # Errors
    ///
    /// The stream fails, or what comes isn't the protocol.
    ///
    /// # Cancel safety
    ///
    /// If it's dropped, a request that was half read is lost, and the client finds the stream closed.
    pub async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        let mut stream = BufStream::new(stream);
        while let Some(request) = request(&mut stream).await? {
            let reply = self.reply(&request).encoded();
            stream.write_all(&reply).await?;
            stream.flush().await?;
        }
        Ok(())
    }

    /// Serves in a task of its own, and returns the other end of the stream.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn stream(&self) -> DuplexStream {
        let (ours, theirs) = duplex(4096);
        let server = self.clone();
        // It ends when the client drops its end. Then there's nobody to tell if it fails.
        tokio::spawn(async move { drop(server.serve(ours).await) });
        theirs
    }

    /// A client of the `redis` crate, connected to this server.
    ///
    /// # Errors
    ///
    /// The server refuses what the client sends first.
    pub async fn client(&self) -> RedisResult<MultiplexedConnection> {
        let (info, config) = (RedisConnectionInfo::default(), AsyncConnectionConfig::new());
        // The client is a handle. The driver reads and writes, in a task of its own.
        let (client, driver) =
            MultiplexedConnection::new_with_config(&info, self.stream(), config).await?;
        tokio::spawn(driver);
        Ok(client)
    }

    fn reply(&self, request: &[Vec<u8>]) -> Reply {
        let Some((name, arguments)) = request.split_first() else {
            return Reply::Error("ERR empty command".into());
        };
        let name = String::from_utf8_lossy(name).to_uppercase();
        let arguments: Vec<&[u8]> = arguments.iter().map(Vec::as_slice).collect();
        match (name.as_str(), &arguments[..]) {
            ("PING", []) => Reply::Simple("PONG"),
            ("PING", [word]) => Reply::Bulk(word.to_vec()),
            ("CLIENT", [what, _, _]) if what.eq_ignore_ascii_case(b"SETINFO") => {
                Reply::Simple("OK")
            }
            ("GET", [key]) => self.with(key, |entry| match entry {
                Some(entry) => Reply::Bulk(entry.value.clone()),
                None => Reply::Null,
            }),
            ("SET", [key, value, options @ ..]) => self.set(key, value, options),
            ("DEL", keys @ [_, ..]) => {
                let gone = keys.iter().filter(|key| self.remove(key));
                Reply::Integer(gone.count() as i64)
            }
            ("EXPIRE", [key, seconds]) => match integer(seconds) {
                Some(seconds) => self.expire(key, seconds),
                None => not_an_integer(),
            },
            ("TTL", [key]) => self.time_to_live(key, |left| (left.as_millis() + 500) / 1000),
            ("PTTL", [key]) => self.time_to_live(key, |left| left.as_millis()),
            ("INCR", [key]) => self.increase(key, 1),
            ("INCRBY", [key, by]) => match integer(by) {
                Some(by) => self.increase(key, by),
                None => not_an_integer(),
            },
            ("PING" | "GET" | "SET" | "DEL" | "EXPIRE" | "TTL" | "PTTL" | "INCR" | "INCRBY", _) => {
                let name = name.to_lowercase();
                Reply::Error(format!(
                    "ERR wrong number of arguments for '{name}' command"
                ))
            }
            _ => Reply::Error(format!("ERR unknown command '{name}'")),
        }
    }

    fn set(&self, key: &[u8], value: &[u8], mut options: &[&[u8]]) -> Reply {
        let (mut lives, mut only_new) = (None, false);
        while let Some((option, rest)) = options.split_first() {
            options = rest;
            match (option.to_ascii_uppercase().as_slice(), rest) {
                (b"NX", _) => only_new = true,
                (unit @ (b"EX" | b"PX"), [number, rest @ ..]) if lives.is_none() => {
                    let Some(number) = integer(number) else {
                        return not_an_integer();
                    };
                    let millis = if unit == b"EX" { 1000 } else { 1 };
                    let number = u64::try_from(number).ok().filter(|number| *number > 0);
                    let Some(number) = number.and_then(|number| number.checked_mul(millis)) else {
                        return Reply::Error("ERR invalid expire time in 'set' command".into());
                    };
                    lives = Some(Duration::from_millis(number));
                    options = rest;
                }
                _ => return Reply::Error("ERR syntax error".into()),
            }
        }
        if only_new && self.with(key, |entry| entry.is_some()) {
            return Reply::Null;
        }
        let entry = Entry {
            value: value.to_vec(),
            // What's too far away for the clock never comes.
            expires: lives.and_then(|lives| Instant::now().checked_add(lives)),
        };
        self.keys().insert(key.to_vec(), entry);
        Reply::Simple("OK")
    }

    fn expire(&self, key: &[u8], seconds: i64) -> Reply {
        // Less than no time removes the key at once.
        let Ok(seconds) = u64::try_from(seconds) else {
            return Reply::Integer(self.remove(key).into());
        };
        self.with(key, |entry| match entry {
            Some(entry) => {
                entry.expires = Instant::now().checked_add(Duration::from_secs(seconds));
                Reply::Integer(1)
            }
            None => Reply::Integer(0),
        })
    }

    fn time_to_live(&self, key: &[u8], in_unit: impl FnOnce(Duration) -> u128) -> Reply {
        self.with(key, |entry| match entry {
            None => Reply::Integer(-2),
            Some(Entry { expires: None, .. }) => Reply::Integer(-1),
            Some(Entry {
                expires: Some(expires),
                ..
            }) => {
                let left = in_unit(expires.saturating_duration_since(Instant::now()));
                Reply::Integer(i64::try_from(left).unwrap_or(i64::MAX))
            }
        })
    }

    /// The time to live stays as it is.
    fn increase(&self, key: &[u8], by: i64) -> Reply {
        let number = |entry: Option<&mut Entry>| match entry {
            Some(entry) => {
                let number = integer(&entry.value)?.checked_add(by)?;
                entry.value = number.to_string().into_bytes();
                Some((number, true))
            }
            None => Some((by, false)),
        };
        match self.with(key, number) {
            Some((number, true)) => Reply::Integer(number),
            Some((number, false)) => {
                let value = number.to_string().into_bytes();
                self.keys().insert(
                    key.to_vec(),
                    Entry {
                        value,
                        expires: None,
                    },
                );
                Reply::Integer(number)
            }
            None => not_an_integer(),
        }
    }

    fn remove(&self, key: &[u8]) -> bool {
        let is_there = self.with(key, |entry| entry.is_some());
        self.keys().remove(key);
        is_there
    }

    /// Does something with an entry, unless it has expired.
    fn with<T>(&self, key: &[u8], act: impl FnOnce(Option<&mut Entry>) -> T) -> T {
        let now = Instant::now();
        let mut keys = self.keys();
        let entry = keys.get_mut(key);
        act(entry.filter(|entry| entry.expires.is_none_or(|expires| now <= expires)))
    }

    /// Held for a lookup, and never across an await.
    fn keys(&self) -> std::sync::MutexGuard<'_, HashMap<Vec<u8>, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reply {
    fn encoded(&self) -> Vec<u8> {
        match self {
            Self::Simple(word) => format!("+{word}\r\n").into_bytes(),
            Self::Error(words) => format!("-{words}\r\n").into_bytes(),
            Self::Integer(number) => format!(":{number}\r\n").into_bytes(),
            Self::Bulk(bytes) => {
                let length = format!("${}\r\n", bytes.len());
                [length.as_bytes(), bytes, b"\r\n"].concat()
            }
            Self::Null => b"$-1\r\n".to_vec(),
        }
    }
}

/// Reads a request: `*2 $3 GET $1 k`, each on a line of its own. `None` if the client has hung up.
async fn request(
    stream: &mut (impl AsyncBufReadExt + AsyncReadExt + Unpin),
) -> io::Result<Option<Vec<Vec<u8>>>> {
    let Some(count) = header(stream, '*', MAX_WORDS).await? else {
        return Ok(None);
    };
    let mut words = Vec::new();
    for _ in 0..count {
        let length = header(stream, '$', MAX_WORD).await?;
        let length = length.ok_or(io::ErrorKind::UnexpectedEof)?;
        // The word, and the line break after it.
        let mut word = vec![0; length + 2];
        stream.read_exact(&mut word).await?;
        word.truncate(length);
        words.push(word);
    }
    Ok(Some(words))
}

async fn header(
    stream: &mut (impl AsyncBufReadExt + Unpin),
    kind: char,
    max: usize,
) -> io::Result<Option<usize>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let number = line
        .strip_prefix(kind)
        .and_then(|rest| rest.trim_end().parse().ok());
    match number.filter(|number| *number <= max) {
        Some(number) => Ok(Some(number)),
        None => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!(
                "expected `{kind}` and a number up to {max}, not `{}`",
                line.trim_end()
            ),
        )),
    }
}

fn integer(word: &[u8]) -> Option<i64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

fn not_an_integer() -> Reply {
    Reply::Error("ERR value is not an integer or out of range".into())
}
