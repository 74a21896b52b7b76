//! The `redis` crate, on our own server and the paused clock, and on a real server where there is one.

use std::{
    convert::Infallible,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use async_workbook::clock::timed;
use real_servers::{Server, Store};
use real_stores::{cache::cached, resp::Resp};
use redis::{
    AsyncConnectionConfig, AsyncTypedCommands as _, Client, Cmd, ExistenceCheck,
    RedisConnectionInfo, SetExpiry, SetOptions, Value,
    aio::{ConnectionLike, MultiplexedConnection},
};
use tokio::time::{sleep, timeout};

const MS: Duration = Duration::from_millis(1);

#[tokio::test(start_paused = true)]
async fn a_key_goes_when_its_time_is_over() {
    let mut client = Resp::default().client().await.expect("it answers");
    let for_a_second = SetOptions::default().with_expiration(SetExpiry::EX(1));
    let set = client.set_options("author:1", "Ada", for_a_second).await;
    set.expect("it answers");
    sleep(999 * MS).await;
    assert_eq!(
        client.get("author:1").await.expect("it answers").as_deref(),
        Some("Ada")
    );
    sleep(2 * MS).await;
    assert_eq!(client.get("author:1").await.expect("it answers"), None);
}

#[tokio::test(start_paused = true)]
async fn callers_share_one_stream() {
    let client = Resp::default().client().await.expect("it answers");
    let calls = (0..100).map(|_| {
        let mut client = client.clone();
        async move { client.incr("visits", 1).await.expect("it answers") }
    });
    let mut counts = futures::future::join_all(calls).await;
    counts.sort_unstable();
    assert_eq!(counts, (1..=100).collect::<Vec<_>>());
}

/// The client gives up after half a second, on whichever clock.
#[tokio::test(start_paused = true)]
async fn a_silent_server_costs_half_a_second_unless_you_say_otherwise() {
    let (_never_read, stream) = tokio::io::duplex(4096);
    let info = RedisConnectionInfo::default().set_skip_set_lib_name();
    let connected =
        MultiplexedConnection::new_with_config(&info, stream, AsyncConnectionConfig::new());
    let (mut client, driver) = connected.await.expect("it sends nothing first");
    tokio::spawn(driver);
    let (answer, took) = timed(client.get("author:1")).await;
    assert!(answer.expect_err("nobody answers").is_timeout());
    assert_eq!(took, 500 * MS);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_before_its_first_poll_was_never_sent() {
    let mut client = Resp::default().client().await.expect("it answers");
    drop(client.set("author:1", "Ada"));
    assert_eq!(client.get("author:1").await.expect("it answers"), None);
}

/// A query of 10 ms that counts how often it ran.
async fn slow_query(ran: &AtomicUsize) -> Result<Option<String>, Infallible> {
    ran.fetch_add(1, Ordering::Relaxed);
    sleep(10 * MS).await;
    Ok(Some("Ada".into()))
}

#[tokio::test(start_paused = true)]
async fn a_cache_answers_until_its_entry_expires() {
    let cache = Resp::default().client().await.expect("it answers");
    let ran = AtomicUsize::new(0);
    let ask = || timed(cached(&cache, "author:1", slow_query(&ran)));
    for (queries, millis, then) in [(1, 10, 59_999), (1, 0, 2), (2, 10, 0)] {
        let (name, took) = ask().await;
        assert_eq!(name, Ok(Some("Ada".into())));
        assert_eq!((ran.load(Ordering::Relaxed), took), (queries, millis * MS));
        sleep(then * MS).await;
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_cache_the_answer_comes_all_the_same() {
    let ran = AtomicUsize::new(0);
    // It's gone: the stream is closed, and each call fails at once.
    let (ours, theirs) = tokio::io::duplex(4096);
    let server = Resp::default();
    let serving = tokio::spawn(async move { server.serve(ours).await });
    let (info, config) = (RedisConnectionInfo::default(), AsyncConnectionConfig::new());
    let connected = MultiplexedConnection::new_with_config(&info, theirs, config).await;
    let (gone, driver) = connected.expect("it answers");
    tokio::spawn(driver);
    serving.abort();
    let (name, took) = timed(cached(&gone, "author:1", slow_query(&ran))).await;
    assert_eq!((name, took), (Ok(Some("Ada".into())), 10 * MS));
    // It's silent: 50 ms for `get`, the query, and 50 ms for `set`.
    let (_never_read, stream) = tokio::io::duplex(4096);
    let info = RedisConnectionInfo::default().set_skip_set_lib_name();
    let connected =
        MultiplexedConnection::new_with_config(&info, stream, AsyncConnectionConfig::new());
    let (silent, driver) = connected.await.expect("it sends nothing first");
    tokio::spawn(driver);
    let (name, took) = timed(cached(&silent, "author:1", slow_query(&ran))).await;
    assert_eq!((name, took), (Ok(Some("Ada".into())), 110 * MS));
    assert_eq!(ran.load(Ordering::Relaxed), 2);
}

/// What comes isn't the protocol: the server hangs up, and takes no memory for it.
#[tokio::test]
async fn what_is_not_the_protocol_is_refused() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    for words in [
        "GET a\r\n",
        "*1\r\n$9999999999\r\n",
        "*99999999\r\n",
        "*1\r\n+OK\r\n",
    ] {
        let mut stream = Resp::default().stream();
        stream.write_all(words.as_bytes()).await.expect("it reads");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .await
            .expect("it hangs up");
        assert_eq!(answer, "", "{words}");
    }
}

/// What a server answers. A time to live that's left is a matter of the clock: it's there, or it isn't. The words for an
/// unknown command differ from version to version.
fn shown(asked: &str, answer: Result<Value, redis::RedisError>) -> String {
    match answer {
        Ok(Value::Int(left)) if asked.contains("TTL") && left > 0 => "some time".into(),
        answer => {
            let words = format!("{answer:?}");
            match words.find("unknown command") {
                Some(start) => words[..start].to_owned() + "unknown command",
                None => words,
            }
        }
    }
}

const REQUESTS: [&[&str]; 44] = [
    &["PING"],
    &["PING", "hello"],
    &["ping"],
    &["GET", "a"],
    &["SET", "a", "1"],
    &["GET", "a"],
    &["TTL", "a"],
    &["PTTL", "a"],
    &["TTL", "nothing"],
    &["SET", "a", "2", "EX", "100"],
    &["TTL", "a"],
    &["PTTL", "a"],
    &["INCR", "a"],
    &["TTL", "a"],
    &["SET", "a", "2", "px", "100000"],
    &["TTL", "a"],
    &["SET", "a", "7"],
    &["TTL", "a"],
    &["EXPIRE", "a", "100"],
    &["TTL", "a"],
    &["EXPIRE", "nothing", "100"],
    &["EXPIRE", "a", "-1"],
    &["GET", "a"],
    &["EXPIRE", "nothing", "soon"],
    &["INCR", "n"],
    &["INCRBY", "n", "41"],
    &["INCRBY", "n", "-2"],
    &["INCRBY", "n", "x"],
    &["GET", "n"],
    &["SET", "word", "hello"],
    &["INCR", "word"],
    &["SET", "word", "", "NX"],
    &["GET", "word"],
    &["SET", "new", "x", "NX", "EX", "100"],
    &["GET", "new"],
    &["SET", "a", "1", "EX", "0"],
    &["SET", "a", "1", "EX", "x"],
    &["SET", "a", "1", "EX"],
    &["SET", "a", "1", "EX", "1", "PX", "1"],
    &["SET", "a", "1", "SOON"],
    &["DEL", "word", "n", "nothing", "new"],
    &["GET"],
    &["SET", "a"],
    &["NOSUCHCOMMAND", "a"],
];

async fn answers(client: &mut MultiplexedConnection) -> Vec<String> {
    let mut answers = Vec::new();
    for words in REQUESTS {
        let mut request = Cmd::new();
        // Keys of this test's own, since a server that the environment names has others.
        for (index, word) in words.iter().enumerate() {
            let is_key = index == 1 && words[0] != "ping" && words[0] != "PING"
                || words[0] == "DEL" && index > 0;
            match is_key {
                true => request.arg(format!("async-workbook:{word}")),
                false => request.arg(*word),
            };
        }
        let asked = words.join(" ");
        let answer = client.req_packed_command(&request).await;
        answers.push(format!("{asked}: {}", shown(&asked, answer)));
    }
    client.del("async-workbook:a").await.expect("it answers");
    answers
}

/// So whatever is shown on ours is what a real one does.
#[tokio::test]
async fn a_real_server_answers_as_ours_does() {
    let mut ours = Resp::default().client().await.expect("it answers");
    let ours = answers(&mut ours).await;
    assert_eq!(ours[5], "GET a: Ok(bulk-string('\"1\"'))");
    let Some(server) = Server::of(Store::Redis).expect("the server starts") else {
        return;
    };
    let client = Client::open(server.url()).expect("its URL is sound");
    // A machine may be busy.
    let config = AsyncConnectionConfig::new()
        .set_response_timeout(None)
        .set_connection_timeout(None);
    let connected = client
        .get_multiplexed_async_connection_with_config(&config)
        .await;
    let mut real = connected.expect("it answers");
    assert_eq!(ours, answers(&mut real).await);
    // Its keys expire by its own clock.
    let soon = SetOptions::default()
        .conditional_set(ExistenceCheck::NX)
        .with_expiration(SetExpiry::PX(1));
    real.set_options("async-workbook:soon", "x", soon)
        .await
        .expect("it answers");
    let gone = async {
        while real
            .exists("async-workbook:soon")
            .await
            .expect("it answers")
        {
            sleep(MS).await;
        }
    };
    timeout(Duration::from_secs(60), gone)
        .await
        .expect("it expires");
}
