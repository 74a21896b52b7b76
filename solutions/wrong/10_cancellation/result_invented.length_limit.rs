//! A line of more than 64 KiB is an error.

use futures::TryStreamExt as _;

pub struct LineReader {
    lines: tokio_util::codec::FramedRead<Input, tokio_util::codec::LinesCodec>,
}

impl LineReader {
    pub fn new(input: Input) -> Self {
        Self {
            lines: tokio_util::codec::FramedRead::new(
                input,
                tokio_util::codec::LinesCodec::new_with_max_length(65_536),
            ),
        }
    }

    pub async fn next(&mut self) -> io::Result<Option<String>> {
        self.lines.try_next().await.map_err(|error| match error {
            tokio_util::codec::LinesCodecError::Io(error) => error,
            error => io::Error::other(error),
        })
    }
}
