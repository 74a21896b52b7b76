//! WebSocket's frames, as they are on the wire (RFC 6455, section 5).

use std::fmt;

/// A frame that a peer sends or gets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Frame {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    /// With its code, if it has one.
    Close(Option<u16>),
    /// Nothing that a server should send: the first byte of the frame.
    Odd(u8),
}

const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xA;

/// The bit of the first byte that says that a frame ends its message.
pub(crate) const FIN: u8 = 0x80;

impl Frame {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// The frame as a client sends it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => masked(FIN | TEXT, text.as_bytes()),
            Self::Binary(data) => masked(FIN | BINARY, data),
            Self::Ping(data) => masked(FIN | PING, data),
            Self::Pong(data) => masked(FIN | PONG, data),
            Self::Close(code) => {
                let code = code.map(u16::to_be_bytes);
                masked(FIN | CLOSE, code.as_ref().map_or(&[], |code| &code[..]))
            }
            Self::Odd(first) => masked(*first, &[]),
        }
    }

    /// Takes the first frame that a server has sent off these bytes, once it's whole.
    pub(crate) fn take(bytes: &mut Vec<u8>) -> Option<Self> {
        let (&first, &second) = (bytes.first()?, bytes.get(1)?);
        let (from, length) = match second & 0x7F {
            126 => (4, u64::from(u16::from_be_bytes(array(bytes, 2)?))),
            127 => (10, u64::from_be_bytes(array(bytes, 2)?)),
            short => (2, u64::from(short)),
        };
        let to = from + usize::try_from(length).ok()?;
        let payload = bytes.get(from..to)?.to_vec();
        bytes.drain(..to);
        let is_masked = second & 0x80 != 0;
        Some(match first {
            _ if is_masked => Self::Odd(first),
            first if first == FIN | TEXT => {
                Self::Text(String::from_utf8_lossy(&payload).into_owned())
            }
            first if first == FIN | BINARY => Self::Binary(payload),
            first if first == FIN | PING => Self::Ping(payload),
            first if first == FIN | PONG => Self::Pong(payload),
            first if first == FIN | CLOSE => {
                Self::Close(array(&payload, 0).map(u16::from_be_bytes))
            }
            odd => Self::Odd(odd),
        })
    }
}

fn array<const N: usize>(bytes: &[u8], from: usize) -> Option<[u8; N]> {
    bytes.get(from..from + N)?.try_into().ok()
}

/// A frame of a client, which masks what it sends: any mask will do.
pub(crate) fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = header(first, payload.len(), true);
    let mask = [0x37, 0xFA, 0x21, 0x3D];
    bytes.extend(mask);
    bytes.extend(
        payload
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    bytes
}

/// What precedes a payload of this length, and the mask.
pub(crate) fn header(first: u8, length: usize, is_masked: bool) -> Vec<u8> {
    let mask_bit = if is_masked { 0x80 } else { 0 };
    let mut bytes = vec![first];
    match u16::try_from(length) {
        Ok(short) if short < 126 => bytes.push(mask_bit | short.to_be_bytes()[1]),
        Ok(medium) => {
            bytes.push(mask_bit | 126);
            bytes.extend(medium.to_be_bytes());
        }
        Err(_) => {
            bytes.push(mask_bit | 127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes
}

/// A message in several frames, none of which ends in the middle of the message but the last.
pub(crate) fn in_pieces(text: &str, pieces: usize) -> Vec<u8> {
    let bytes = text.as_bytes();
    let size = bytes.len().div_ceil(pieces).max(1);
    let chunks: Vec<&[u8]> = bytes.chunks(size).collect();
    let last = chunks.len() - 1;
    let frames = chunks.iter().enumerate().map(|(index, chunk)| {
        let opcode = if index == 0 { TEXT } else { 0 };
        let fin = if index == last { FIN } else { 0 };
        masked(fin | opcode, chunk)
    });
    frames.collect::<Vec<_>>().concat()
}

/// `"hello"`, or the kind of the frame.
impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) if text.chars().count() > 24 => {
                let start: String = text.chars().take(12).collect();
                write!(f, "\"{}…\", {} bytes", start.escape_debug(), text.len())
            }
            Self::Text(text) => write!(f, "\"{}\"", text.escape_debug()),
            Self::Binary(data) => write!(f, "{} bytes, binary", data.len()),
            Self::Ping(_) => f.write_str("Ping"),
            Self::Pong(_) => f.write_str("Pong"),
            Self::Close(Some(code)) => write!(f, "Close {code}"),
            Self::Close(None) => f.write_str("Close"),
            Self::Odd(first) => write!(f, "a frame that begins with {first:#04x}"),
        }
    }
}
