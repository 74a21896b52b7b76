//! The programs of `refused`, mended.

use std::{
    future::ready,
    io,
    pin::{Pin, pin},
    rc::Rc,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures::{
    StreamExt as _,
    future::{BoxFuture, FutureExt as _, join_all},
    stream,
};

fn spawn<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> tokio::task::JoinHandle<T> {
    tokio::spawn(future)
}

#[tokio::test]
async fn an_rc_that_ends_before_the_await() {
    let task =
        // ANCHOR: rc_across_await
        spawn(async {
            let count = {
                let pages = Rc::new([1, 2, 3]);
                pages.len()
            }; // The `Rc` ends here.
            ready(()).await;
            count
        })
        // ANCHOR_END: rc_across_await
        ;
    assert_eq!(task.await.expect("it does not panic"), 3);
}

static HITS: Mutex<usize> = Mutex::new(0);

#[tokio::test]
async fn a_guard_that_ends_before_the_await() {
    let task =
        // ANCHOR: guard_across_await
        spawn(async {
            ready(()).await;
            *HITS.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        })
        // ANCHOR_END: guard_across_await
        ;
    task.await.expect("it does not panic");
    assert_eq!(*HITS.lock().unwrap_or_else(PoisonError::into_inner), 1);
}

// ANCHOR: recursion
async fn depth(pages: u32) -> u32 {
    if pages == 0 {
        return 0;
    }
    Box::pin(depth(pages - 1)).await + 1
}
// ANCHOR_END: recursion

#[tokio::test]
async fn a_recursive_function_with_a_box_for_each_level() {
    assert_eq!(depth(5).await, 5);
}

async fn fetch() -> u32 {
    3
}

#[tokio::test]
async fn a_pinned_future_is_awaited_by_reference() {
    // ANCHOR: unpin
    let mut call = pin!(fetch());
    let page = call.as_mut().await;
    // ANCHOR_END: unpin
    assert_eq!(page, 3);
}

// ANCHOR: borrowed_by_a_task
fn count(paths: &[String]) -> tokio::task::JoinHandle<usize> {
    let paths = paths.to_vec(); // The task has paths of its own.
    spawn(async move { paths.len() })
}
// ANCHOR_END: borrowed_by_a_task

#[tokio::test]
async fn a_task_that_owns_what_it_uses() {
    let counted = count(&["users".to_owned(), "posts".to_owned()]).await;
    assert_eq!(counted.expect("it does not panic"), 2);
}

async fn each(paths: &[&str], fetch: impl AsyncFn(&str) -> usize) -> usize {
    let mut sum = 0;
    for path in paths {
        sum += fetch(path).await;
    }
    sum
}

#[tokio::test]
async fn an_async_closure_may_borrow_its_argument() {
    let paths = ["users", "posts"];
    let sum =
        // ANCHOR: closure_of_a_block
        each(&paths, async |path: &str| path.len()).await
        // ANCHOR_END: closure_of_a_block
        ;
    assert_eq!(sum, 10);
}

#[tokio::test]
async fn an_async_block_that_names_its_error() {
    async fn fetch() -> Result<u32, io::Error> {
        Ok(3)
    }
    // ANCHOR: type_of_the_error
    let call = async {
        let page = fetch().await?;
        Ok::<_, io::Error>(page + 1)
    };
    // ANCHOR_END: type_of_the_error
    assert_eq!(call.await.ok(), Some(4));
}

#[tokio::test]
async fn futures_of_several_types_in_one_list() {
    // ANCHOR: two_async_blocks
    let calls: Vec<BoxFuture<'_, u32>> = vec![
        async { 1 }.boxed(),
        async { 2 }.boxed(), //
    ];
    let pages = join_all(calls).await;
    // ANCHOR_END: two_async_blocks
    assert_eq!(pages, [1, 2]);
}

// ANCHOR: async_fn_in_dyn
trait Fetch {
    fn fetch<'a>(&'a self, path: &'a str) -> Pin<Box<dyn Future<Output = String> + Send + 'a>>;
}

struct Echo;

impl Fetch for Echo {
    fn fetch<'a>(&'a self, path: &'a str) -> Pin<Box<dyn Future<Output = String> + Send + 'a>> {
        Box::pin(async move { path.to_owned() })
    }
}
// ANCHOR_END: async_fn_in_dyn

#[tokio::test]
async fn a_trait_whose_method_boxes_its_future() {
    let fetch: &dyn Fetch = &Echo;
    assert_eq!(fetch.fetch("users").await, "users");
}

#[tokio::test]
async fn a_closure_that_takes_values() {
    let ids = [1, 2, 3];
    async fn fetch(id: u64) -> u64 {
        id * 10
    }
    let task =
        // ANCHOR: not_general_enough
        spawn(async move {
            let calls = ids.iter().copied().map(fetch);
            stream::iter(calls).buffer_unordered(2).collect::<Vec<_>>().await
        })
        // ANCHOR_END: not_general_enough
        ;
    let mut pages = task.await.expect("it does not panic");
    pages.sort_unstable();
    assert_eq!(pages, [10, 20, 30]);
}

// ANCHOR: duration_times_usize
fn predict(query: Duration, requests: usize, connections: usize) -> Duration {
    let waves = requests.div_ceil(connections);
    query * u32::try_from(waves).expect("there are fewer than four billion")
}
// ANCHOR_END: duration_times_usize

#[test]
fn a_number_of_the_type_that_a_duration_can_be_multiplied_by() {
    let query = Duration::from_millis(10);
    assert_eq!(predict(query, 101, 20), 6 * query);
}
