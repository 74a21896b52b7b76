//! Serves the book on this machine, and renders it anew whenever something of it changes.

mod changes;
mod site;

use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    sync::Arc,
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
use site::{EVENTS, Site};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{self, JoinHandle},
};
use tokio_util::sync::CancellationToken;

/// What is served, whenever it changes.
#[derive(Clone)]
struct App {
    state: watch::Receiver<Served>,
    shutdown: CancellationToken,
}

/// The last render that succeeded, which of them it was, and why the last one did not.
#[derive(Clone, Default)]
struct Served {
    site: Arc<Site>,
    version: u64,
    failure: Option<String>,
}

/// Serves the book of the workbook in `root` until `shutdown`, and then answers the requests that have been
/// made. A render that fails is reported, and the last good one stays.
///
/// # Errors
///
/// The files of the book cannot be watched, or the connections cannot be served.
pub(crate) async fn serve(
    listener: TcpListener,
    root: PathBuf,
    shutdown: CancellationToken,
) -> Result<()> {
    // Watched before the first render, so that no change falls between them.
    let changes = Changes::watch(&root)?;
    let (sender, state) = watch::channel(Served::default());
    render(&root, &sender).await?;
    let renderer = tokio::spawn(render_again(root, changes, sender, shutdown.clone()));

    let app = App {
        state,
        shutdown: shutdown.clone(),
    };
    let router = Router::new()
        .route(&format!("{EVENTS}/{{seen}}"), get(events))
        .route("/", get(front_page))
        .route("/{*path}", get(file))
        .with_state(app);
    axum::serve(listener, router)
        .with_graceful_shutdown(shutdown.clone().cancelled_owned())
        .await?;
    // Where serving ended for another reason, so does rendering.
    shutdown.cancel();
    joined(renderer).await
}

async fn joined(renderer: JoinHandle<Result<()>>) -> Result<()> {
    renderer.await.map_err(Error::new)?
}

/// Renders at each change, until `shutdown`.
async fn render_again(
    root: PathBuf,
    mut changes: Changes,
    sender: watch::Sender<Served>,
    shutdown: CancellationToken,
) -> Result<()> {
    while shutdown.run_until_cancelled(changes.next()).await.is_some() {
        render(&root, &sender).await?;
    }
    Ok(())
}

/// Renders once, and says what came of it: here, and to every page that is open.
async fn render(root: &Path, sender: &watch::Sender<Served>) -> Result<()> {
    let book = root.to_owned();
    let version = sender.borrow().version + 1;
    let rendered = task::spawn_blocking(move || {
        let rendered = crate::render::render(&book, None)?;
        Site::read(rendered.folder(), version)
    });
    match rendered.await.map_err(Error::new)? {
        Ok(site) => {
            println!("Rendered.");
            sender.send_replace(Served {
                site: Arc::new(site),
                version,
                failure: None,
            });
        }
        Err(error) => {
            let failure = format!("{error:#}");
            eprintln!("{failure}");
            sender.send_modify(|served| served.failure = Some(failure));
        }
    }
    Ok(())
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
            // The sender lives for as long as there is anything to serve.
            state.changed().await.ok()?;
        }
    });
    // An open page must not keep the server from its end.
    let news = news.take_until(shutdown.cancelled_owned());
    Sse::new(news).keep_alive(KeepAlive::default())
}
