//! A line that is longer than some limit is an error.

use futures::StreamExt as _;
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};

pub struct LineReader {
    lines: FramedRead<Input, LinesCodec>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            lines: FramedRead::new(input, LinesCodec::new_with_max_length(8192)),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        match self.lines.next().await.transpose() {
            Ok(line) => Ok(line),
            Err(LinesCodecError::Io(error)) => Err(error),
            Err(too_long) => Err(io::Error::other(too_long)),
        }
    }
}
