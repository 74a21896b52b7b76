//! A service on threads of its own, behind real sockets.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tracing::{Instrument as _, Span, field::Empty, info_span};

/// How long the service thinks, in real time: no clock of tokio's is in it.
const LATENCY: Duration = Duration::from_millis(900);

/// Where the service is.
pub(crate) struct Service(SocketAddr);

impl Service {
    pub(crate) fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        thread::spawn(move || {
            for peer in listener.incoming().flatten() {
                thread::spawn(|| answer(peer));
            }
        });
        Ok(Self(address))
    }

    /// Asks for the rates, over a connection of its own.
    pub(crate) async fn call(&self, call: usize) -> io::Result<String> {
        let exchange = async {
            let mut stream = tokio::net::TcpStream::connect(self.0).await?;
            stream.write_all(b"rates\n").await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            Span::current().record("outcome", "answered");
            Ok(answer)
        };
        let label = format!("call {call}");
        exchange
            .instrument(info_span!("call", label, outcome = Empty))
            .await
    }
}

/// Answers one request, unless its client hangs up before that.
fn answer(mut peer: TcpStream) -> io::Result<()> {
    let mut request = BufReader::new(peer.try_clone()?);
    request.read_line(&mut String::new())?;
    // Nothing more comes, so this waits for as long, or for the end of the connection.
    peer.set_read_timeout(Some(LATENCY))?;
    match request.fill_buf() {
        Ok(_) => Ok(()),
        Err(_) => peer.write_all(b"1.08\n"),
    }
}
