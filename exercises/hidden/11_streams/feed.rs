//! A service whose rows are spread over pages, each of which names the next.

use std::time::Duration;

use async_workbook::{
    harness::ms,
    services::upstream::{Call, Outcome, Route, Upstream},
};

/// How long each page takes.
pub(crate) const LATENCY: Duration = ms(100);

/// Pages `users/1`, `users/2` and so on.
pub(crate) struct Feed {
    pub(crate) upstream: Upstream,
    /// The rows of each page.
    pub(crate) rows: Vec<Vec<String>>,
    /// The page that can't be fetched, counted from 0.
    pub(crate) failing: Option<usize>,
}

impl Feed {
    /// Pages of these many rows. `name` differs from feed to feed.
    pub(crate) fn new(name: &str, pages: &[usize]) -> Self {
        Self::failing(name, pages, None)
    }

    pub(crate) fn failing(name: &str, pages: &[usize], failing: Option<usize>) -> Self {
        let rows = (1..).zip(pages).map(|(page, &rows)| {
            let rows = 1..=rows;
            rows.map(|row| format!("{name} {page}.{row}")).collect()
        });
        Self::of(rows.collect(), failing, LATENCY)
    }

    /// Pages with these rows, each of which takes so long.
    pub(crate) fn of(rows: Vec<Vec<String>>, failing: Option<usize>, latency: Duration) -> Self {
        let mut builder = Upstream::builder();
        for (page, lines) in rows.iter().enumerate() {
            let mut lines = lines.clone();
            if page + 1 < rows.len() {
                lines.push(format!("next: {}", path(page + 1)));
            }
            let route = Route::new(path(page)).latency(latency);
            builder = builder.route(match failing {
                // A page that isn't there is missing too.
                Some(failing) if failing == page => route.fails([503, 404][page % 2]),
                _ => route.body(lines.join("\n")),
            });
        }
        Self {
            upstream: builder.build(),
            rows,
            failing,
        }
    }

    /// The pages that were asked for, in order, and how that ended. A future that was never polled isn't a call.
    pub(crate) fn calls(&self) -> Vec<Call> {
        let calls = self.upstream.calls().into_iter();
        calls.filter(|call| call.started.is_some()).collect()
    }

    pub(crate) fn under_way(&self) -> usize {
        let calls = self.calls().into_iter();
        calls.filter(|call| call.outcome.is_none()).count()
    }

    pub(crate) fn dropped(&self) -> usize {
        let calls = self.calls().into_iter();
        let dropped = calls.filter(|call| call.outcome == Some(Outcome::Dropped));
        dropped.count()
    }

    /// Every row up to the failing page, with its page, counted from 0.
    pub(crate) fn expected(&self) -> Vec<(usize, String)> {
        let pages = self.rows.iter().enumerate();
        let pages = pages.take_while(|&(page, _)| Some(page) != self.failing);
        let rows = pages.flat_map(|(page, rows)| rows.iter().map(move |row| (page, row.clone())));
        rows.collect()
    }
}

pub(crate) fn path(page: usize) -> String {
    format!("users/{}", page + 1)
}
