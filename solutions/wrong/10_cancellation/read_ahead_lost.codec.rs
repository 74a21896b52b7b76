//! Each call frames the input anew, and the frames that were read ahead are dropped with it.

use futures::StreamExt as _;
use tokio_util::codec::{FramedRead, LinesCodec};

pub struct LineReader {
    input: Input,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self { input }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        let mut lines = FramedRead::new(&mut self.input, LinesCodec::new());
        let line = lines.next().await.transpose();
        line.map_err(io::Error::other)
    }
}
