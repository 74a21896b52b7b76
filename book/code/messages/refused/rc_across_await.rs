use std::{future::ready, rc::Rc};

fn spawn(_: impl Future<Output = usize> + Send + 'static) {}

pub fn count() {
    spawn(async {
        let pages = Rc::new([1, 2, 3]);
        ready(()).await;
        pages.len()
    });
}
