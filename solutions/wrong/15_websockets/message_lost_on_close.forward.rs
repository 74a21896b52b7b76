//! `forward` keeps a message back until it has looked for the next one, which may be the Close.

use futures::TryStreamExt as _;

pub async fn echo(reader: Reader, writer: Writer) {
    let messages =
        reader.try_filter(|message| std::future::ready(message.is_text() || message.is_binary()));
    messages.forward(writer).await.ok();
}
