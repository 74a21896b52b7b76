//! What SQLite ran, as a drawing: a line for each statement, commit and rollback.

use std::fmt::Write as _;

use real_database::{
    commits::{COMMIT, ROLLBACK},
    statements::Statement,
};

/// As wide as a verdict's drawing may be.
const WIDTH: usize = 70;
/// More lines than this would hide what they show.
const LINES: usize = 12;

/// Whether it's a statement, and not the end of a transaction.
pub(crate) fn is_statement(noted: &Statement) -> bool {
    ![COMMIT, ROLLBACK].contains(&noted.sql.as_str())
}

/// A line each, with the number of the connection and of the rows that were returned or changed.
pub(crate) fn drawn(noted: &[Statement]) -> String {
    let mut connections: Vec<&str> = Vec::new();
    let mut drawing = String::new();
    for statement in noted.iter().take(LINES) {
        let connection = statement.connection.as_str();
        let number = connections.iter().position(|known| *known == connection);
        let number = number.unwrap_or_else(|| {
            connections.push(connection);
            connections.len() - 1
        });
        let rows = match (statement.returned, statement.changed) {
            _ if !is_statement(statement) => String::new(),
            (0, 0) => "  no rows".into(),
            (0, 1) => "  1 row changed".into(),
            (0, changed) => format!("  {changed} rows changed"),
            (1, _) => "  1 row".into(),
            (returned, _) => format!("  {returned} rows"),
        };
        let head = format!("connection {}  ", number + 1);
        let room = WIDTH - head.len() - rows.len();
        let sql = shortened(&statement.sql, room);
        writeln!(drawing, "{head}{sql}{rows}").expect("a String takes every write");
    }
    if let Some(more) = noted.len().checked_sub(LINES).filter(|more| *more > 0) {
        writeln!(drawing, "… and {more} more").expect("a String takes every write");
    }
    drawing
}

fn shortened(sql: &str, room: usize) -> String {
    if sql.chars().count() <= room {
        return sql.to_owned();
    }
    let kept: String = sql.chars().take(room - 1).collect();
    format!("{}…", kept.trim_end())
}
