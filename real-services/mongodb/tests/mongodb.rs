//! What the page of chapter 14 says of MongoDB's cursor.

use std::{sync::LazyLock, time::Duration};

use mongodb::{
    Collection,
    bson::{Document, doc},
};
use real_mongodb::{Sent, client, enough};
use real_servers::{Server, Store};

/// It ends with this process.
static SERVER: LazyLock<Option<Server>> =
    LazyLock::new(|| Server::of(Store::MongoDb).expect("the server starts"));

/// A collection of 250 documents, each with the number 1.
async fn documents(name: &str) -> Option<(Collection<Document>, Sent)> {
    let (client, sent) = client(SERVER.as_ref()?.url())
        .await
        .expect("its URL is sound");
    let documents = client.database("async_workbook").collection(name);
    documents.drop().await.expect("the server answers");
    let numbered = (0..250).map(|id| doc! { "_id": id, "n": 1_i64 });
    documents
        .insert_many(numbered)
        .await
        .expect("the server takes them");
    Some((documents, sent))
}

/// What was sent since the documents were.
fn since(sent: &Sent) -> Vec<String> {
    let all = sent.all();
    let sown = all.iter().rposition(|command| command == "insert");
    all[sown.expect("they were") + 1..].to_vec()
}

#[tokio::test]
async fn batches_come_when_they_are_wanted() {
    let Some((documents, sent)) = documents("whole").await else {
        return;
    };
    let sum = enough(&documents, i64::MAX)
        .await
        .expect("the server answers");
    assert_eq!(sum, 250);
    assert_eq!(since(&sent), ["find", "getMore", "getMore"]);
    documents.drop().await.expect("it is ours");
}

#[tokio::test]
async fn a_dropped_cursor_is_killed_on_the_server() {
    let Some((documents, sent)) = documents("dropped").await else {
        return;
    };
    let sum = enough(&documents, 120).await.expect("the server answers");
    assert_eq!(sum, 120);
    // A drop awaits nothing: a task of the driver's sends it.
    let killed = async {
        while since(&sent).last().is_none_or(|last| last != "killCursors") {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let killed = tokio::time::timeout(Duration::from_secs(60), killed).await;
    killed.expect("the driver tells the server");
    assert_eq!(since(&sent), ["find", "getMore", "killCursors"]);
    documents.drop().await.expect("it is ours");
}
