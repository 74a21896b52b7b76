//! Drawings of what a timeline can't show: which connection each request came over, and what was in it.

use std::fmt::Write as _;

use async_workbook::{harness::counted, verdict::Fault};

use crate::{scene::shown, service::Seen};

const MOST: usize = 8;

/// A row a connection, a column a request.
pub(crate) fn connections(requests: &[Seen]) -> String {
    let connections = requests.iter().map(|seen| seen.connection).max();
    let mut drawing = format!("{}, in order:\n", counted(requests.len(), "request"));
    for connection in 1..=connections.unwrap_or(0) {
        if connection > MOST {
            let more = counted(connections.unwrap_or(0) - MOST, "connection");
            let _ = writeln!(drawing, "and {more} more, one request each");
            break;
        }
        let marks: String = requests
            .iter()
            .map(|seen| {
                if seen.connection == connection {
                    '#'
                } else {
                    '.'
                }
            })
            .collect();
        let _ = writeln!(drawing, "connection {connection:2}  {marks}");
    }
    drawing
}

pub(crate) fn with_connections(fault: Fault, requests: &[Seen]) -> Fault {
    fault.drawn(connections(requests))
}

/// A line for each request, with its time and its value of a header.
pub(crate) fn headers(requests: &[Seen], name: &str) -> String {
    requests.iter().fold(String::new(), |mut drawing, seen| {
        let value = match seen.header(name) {
            Some(value) => format!("{name}: {value}"),
            None => format!("no {name}"),
        };
        let at = shown(seen.at);
        let _ = writeln!(drawing, "{at:>7}  {} {}  {value}", seen.method, seen.path);
        drawing
    })
}
