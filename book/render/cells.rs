//! Tells each cell of a table which column it is in, so that the style can show a row as a card where a table is too wide.
//!
//! The word stands in an attribute: search reads none, and the style shows it on a narrow screen only.

use quick_xml::escape::escape;

/// The page with a label in every cell of its tables, but for those of the first column and those that are empty.
pub(crate) fn labelled(page: &str) -> String {
    let mut labelled = String::with_capacity(page.len());
    let mut in_code = false;
    let mut columns: Option<Vec<String>> = None;
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        in_code ^= line.trim_start().starts_with("```");
        let is_row = !in_code && line.starts_with('|');
        match &columns {
            Some(columns) if is_row && is_rule(line) => {
                debug_assert!(!columns.is_empty(), "a table has a column");
                labelled.push_str(line);
            }
            Some(columns) if is_row => labelled.push_str(&row(line, columns)),
            _ => {
                let begins = is_row && lines.peek().is_some_and(|next| is_rule(next));
                columns = begins.then(|| cells(line).map(plain).collect());
                labelled.push_str(line);
            }
        }
        labelled.push('\n');
    }
    labelled
}

/// Whether it is the line below the names of the columns.
fn is_rule(line: &str) -> bool {
    line.starts_with('|') && line.contains('-') && line.chars().all(|c| "|-: ".contains(c))
}

fn row(line: &str, columns: &[String]) -> String {
    let mut row = String::from("|");
    for (index, cell) in cells(line).enumerate() {
        match columns.get(index) {
            Some(column) if index > 0 && !column.is_empty() && !cell.trim().is_empty() => {
                let column = escape(column);
                row += &format!(" <span data-column=\"{column}\"></span>{} |", cell.trim());
            }
            _ => row += &format!("{cell}|"),
        }
    }
    row
}

/// What is between the bars of a line. A bar after a backslash is a part of its cell.
fn cells(line: &str) -> impl Iterator<Item = &str> {
    let inner = line.trim().trim_start_matches('|');
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    let mut escaped = false;
    inner.split(move |c| {
        let is_bar = c == '|' && !escaped;
        escaped = c == '\\' && !escaped;
        is_bar
    })
}

/// The name of a column, without what makes it code or stress.
fn plain(cell: &str) -> String {
    cell.trim().replace(['`', '*'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_is_told_its_column() {
        let table = "x\n\n| a | `b` & c | |\n|---|--:|---|\n| 1 | 2 \\| 3 | 4 |\n| **5** | | 6 |\n\ny | z\n";
        let label = "<span data-column=\"b &amp; c\"></span>";
        assert_eq!(
            labelled(table),
            format!(
                "x\n\n| a | `b` & c | |\n|---|--:|---|\n| 1 | {label}2 \\| 3 | 4 |\n| **5** | | 6 |\n\ny | z\n"
            )
        );
    }

    #[test]
    fn what_is_no_table_stays_as_it_is() {
        for text in [
            "```text\n| a | b |\n|---|---|\n| 1 | 2 |\n```\n",
            "| a | b |\n| 1 | 2 |\n",
        ] {
            assert_eq!(labelled(text), text);
        }
    }

    #[test]
    fn the_next_table_has_its_own_columns() {
        let tables = "| a | b |\n|---|---|\n| 1 | 2 |\n\n| a | c |\n|---|---|\n| 1 | 2 |\n";
        let labelled = labelled(tables);
        assert!(labelled.contains("\"b\"") && labelled.contains("\"c\""));
        assert_eq!(labelled.matches("data-column").count(), 2);
    }
}
