//! A task whose work can fail ends in a `Result` within a `Result`.

use tokio::task::{JoinError, JoinHandle};

use crate::call::{Down, Page, fail, ms, succeed, timed};

// ANCHOR: no_page
/// Why there is no page.
#[derive(Debug)]
enum NoPage {
    /// The call failed.
    Call(Down),
    /// The task panicked or was aborted.
    Task(JoinError),
}

impl From<Down> for NoPage {
    fn from(error: Down) -> Self {
        Self::Call(error)
    }
}

impl From<JoinError> for NoPage {
    fn from(error: JoinError) -> Self {
        Self::Task(error)
    }
}
// ANCHOR_END: no_page

// ANCHOR: page
async fn page(task: JoinHandle<Result<Page, Down>>) -> Result<Page, NoPage> {
    let returned = task.await?; // Outer layer: did the task return?
    let page = returned?; // Inner layer: what did it return?
    Ok(page) // In one line: `Ok(task.await??)`.
}
// ANCHOR_END: page

#[tokio::test(start_paused = true)]
async fn both_layers_become_one_error() {
    let called = page(tokio::spawn(succeed("users", 1))).await;
    assert!(matches!(called, Ok("users")), "{called:?}");
    let failed = page(tokio::spawn(fail("users", 1))).await;
    assert!(
        matches!(failed, Err(NoPage::Call(Down("users")))),
        "{failed:?}"
    );
    let panicked = page(tokio::spawn(async { panic!("on purpose") })).await;
    assert!(
        matches!(&panicked, Err(NoPage::Task(error)) if error.is_panic()),
        "{panicked:?}"
    );
    let task = tokio::spawn(succeed("users", 1));
    task.abort();
    let aborted = page(task).await;
    assert!(
        matches!(&aborted, Err(NoPage::Task(error)) if error.is_cancelled()),
        "{aborted:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn try_join_looks_at_the_outer_layer_alone() {
    let spawn = || {
        (
            tokio::spawn(fail("users", 100)),
            tokio::spawn(succeed("posts", 500)),
        )
    };
    let (users, posts) = spawn();
    let (both, took) = timed(async {
        // ANCHOR: outer
        tokio::try_join!(users, posts)
        // ANCHOR_END: outer
    })
    .await;
    assert!(
        matches!(both, Ok((Err(Down("users")), Ok("posts")))),
        "{both:?}"
    );
    assert_eq!(took, ms(500));

    let (users, posts) = spawn();
    let (both, took) = timed(async {
        // ANCHOR: both
        tokio::try_join!(page(users), page(posts))
        // ANCHOR_END: both
    })
    .await;
    assert!(matches!(both, Err(NoPage::Call(Down("users")))), "{both:?}");
    assert_eq!(took, ms(100));
}
