//! It wraps the error of the codec, which wraps the error of the input.

use futures::StreamExt as _;
use tokio_util::codec::{FramedRead, LinesCodec};

pub struct LineReader {
    lines: FramedRead<Input, LinesCodec>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            lines: FramedRead::new(input, LinesCodec::new()),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        let line = self.lines.next().await.transpose();
        line.map_err(io::Error::other)
    }
}
