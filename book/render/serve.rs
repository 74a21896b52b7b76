//! Serves the book on this machine, and renders it anew whenever something of it changes.

mod changes;
mod renderer;
mod site;

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
};

use axum::{
    Router,
    extract::{Path as UrlPath, State},
    http::StatusCode,
    response::{
        Html, IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::get,
};
use changes::Changes;
use futures::{Stream, StreamExt as _, stream};
use mdbook_driver::errors::{Error, Result};
use renderer::{Render, Renderer, Served};
use site::{EVENTS, Site};
use tokio::{net::TcpListener, sync::watch};
use tokio_util::sync::CancellationToken;

/// What is served, whenever it changes.
#[derive(Clone)]
struct App {
    state: watch::Receiver<Served>,
    shutdown: CancellationToken,
}

/// Serves the book of the workbook in `root` until `shutdown`, and then answers the requests that have been
/// made. A render that fails is reported, and the last good one stays.
///
/// # Errors
///
/// The files of the book cannot be watched, the connections cannot be served, or a render panics.
pub(crate) async fn serve(
    listener: TcpListener,
    root: PathBuf,
    shutdown: CancellationToken,
) -> Result<()> {
    let render = |root: &Path, version| {
        let rendered = crate::render::render(root, None)?;
        Site::read(rendered.folder(), version)
    };
    serve_with(render, listener, root, shutdown).await
}

async fn serve_with(
    render: Render,
    listener: TcpListener,
    root: PathBuf,
    shutdown: CancellationToken,
) -> Result<()> {
    // Watched before the first render, so that no change falls between them.
    let changes = Changes::watch(&root)?;
    let (renderer, state) = Renderer::new(render, root);
    renderer.render().await?;
    let renderer = tokio::spawn(renderer.render_again(changes, shutdown.clone()));

    let app = App {
        state,
        shutdown: shutdown.clone(),
    };
    let router = Router::new()
        .route(&format!("{EVENTS}/{{seen}}"), get(events))
        .route("/", get(front_page))
        .route("/{*path}", get(file))
        .with_state(app);
    let served = axum::serve(listener, router)
        .with_graceful_shutdown(shutdown.clone().cancelled_owned())
        .await;
    // Where serving has failed, rendering ends as well.
    shutdown.cancel();
    renderer.await.map_err(Error::new)??;
    Ok(served?)
}

async fn front_page(State(app): State<App>) -> Response {
    app.get("index.html")
}

async fn file(State(app): State<App>, UrlPath(path): UrlPath<String>) -> Response {
    app.get(&path)
}

impl App {
    fn get(&self, path: &str) -> Response {
        let Served { site, failure, .. } = self.state.borrow().clone();
        match (site.get(path), failure) {
            (Some(response), _) => response,
            (None, Some(failure)) if path == "index.html" => (
                StatusCode::SERVICE_UNAVAILABLE,
                Html(site::failed(&failure)),
            )
                .into_response(),
            (None, _) => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

/// Tells a page of version `seen` of what it has not seen: `rendered`, or `failed` with what is wrong.
async fn events(
    State(app): State<App>,
    UrlPath(seen): UrlPath<u64>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let App { state, shutdown } = app;
    let news = stream::unfold((state, seen, None), async |(mut state, seen, told)| {
        loop {
            let Served {
                version, failure, ..
            } = state.borrow_and_update().clone();
            if version != seen {
                let event = Event::default().event("rendered").data("anew");
                return Some((Ok(event), (state, version, None)));
            }
            if let Some(failure) = failure
                && told.as_ref() != Some(&failure)
            {
                let event = Event::default().event("failed").data(&failure);
                return Some((Ok(event), (state, seen, Some(failure))));
            }
            // The sender is gone only where the renderer has ended, and the server shuts down.
            state.changed().await.ok()?;
        }
    });
    // An open page must not keep the server from its end.
    let news = news.take_until(shutdown.cancelled_owned());
    Sse::new(news).keep_alive(KeepAlive::default())
}

#[cfg(test)]
mod tests {
    use std::{fs, net::Ipv4Addr};

    use super::*;

    #[tokio::test]
    async fn a_render_that_panics_ends_the_server_with_its_reason() {
        let folder = tempfile::tempdir().expect("the system has a temporary folder");
        let pages = folder.path().join("book/src");
        fs::create_dir_all(&pages).expect("the folder is ours");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("this machine has a free port");
        let render: Render = |root, version| {
            if version > 1 {
                panic!("no second render");
            }
            // What changes here is noticed, since the folder is being watched by now.
            fs::write(root.join("book/src/page.md"), "").expect("the folder is ours");
            Ok(Site::default())
        };
        let root = folder.path().to_owned();
        let served = serve_with(render, listener, root, CancellationToken::new()).await;
        let reason = served.expect_err("nobody else ends it").to_string();
        assert!(reason.contains("no second render"), "{reason}");
    }
}
