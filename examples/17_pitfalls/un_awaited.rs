#![deny(unused_must_use)]

async fn send(to: &str) -> bool {
    to.contains('@')
}

pub async fn welcome() {
    send("ada@example.org");
}
