//! A table: side by side where there is room, and otherwise a row at a time.

use std::iter;

use async_workbook::timeline::Charset;

use crate::text::{Columns, Line, Role, Span, Text, plain, quiet};

/// The rows of a table, its heads first.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<Line>>,
    row: Vec<Line>,
}

/// A column of words needs so many characters.
const FEWEST: usize = 11;

impl Table {
    /// Adds a cell to the row that is open.
    pub(super) fn cell(&mut self, spans: Vec<Span>) {
        self.row.push(Line::from(spans));
    }

    /// Ends a row.
    pub(super) fn end_row(&mut self) {
        self.rows.push(std::mem::take(&mut self.row));
    }

    /// The table in so many columns of characters.
    pub(super) fn text(&self, columns: usize, charset: Charset) -> Text {
        let bar = match charset {
            Charset::Unicode => " │ ",
            Charset::Ascii => " | ",
        };
        match self.widths(columns, 3) {
            Some(widths) => self.side_by_side(&widths, bar, charset),
            None => self.row_by_row(),
        }
    }

    /// How wide each column is; `None` if they do not fit beside each other, with `between` characters between two.
    fn widths(&self, columns: usize, between: usize) -> Option<Vec<usize>> {
        let count = self.rows.first()?.len();
        let mut widths: Vec<usize> = (0..count)
            .map(|column| {
                let cells = self.rows.iter().filter_map(|row| row.get(column));
                cells.map(Line::width).max().unwrap_or(0)
            })
            .collect();
        let room = columns.saturating_sub(between * count.saturating_sub(1));
        let needed: usize = widths.iter().map(|width| (*width).min(FEWEST)).sum();
        if needed > room {
            return None;
        }
        // The widest gives way, since its words take a second line with the least loss.
        while widths.iter().sum::<usize>() > room {
            let widest = widths.iter_mut().max()?;
            *widest -= 1;
        }
        Some(widths)
    }

    fn side_by_side(&self, widths: &[usize], bar: &str, charset: Charset) -> Text {
        let mut text = Text::default();
        for (number, row) in self.rows.iter().enumerate() {
            let cells: Vec<Vec<Line>> = iter::zip(row, widths)
                .map(|(cell, width)| {
                    let cell = if number == 0 {
                        as_head(cell)
                    } else {
                        cell.clone()
                    };
                    cell.flowing().broken(Columns::on_screen(*width))
                })
                .collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            for line in 0..height {
                text.line(joined(&cells, line, widths, bar));
            }
            if number == 0 {
                let (rule, cross) = match charset {
                    Charset::Unicode => ("─", "─┼─"),
                    Charset::Ascii => ("-", "-+-"),
                };
                let rules = widths.iter().map(|width| rule.repeat(*width));
                text.line(quiet(rules.collect::<Vec<_>>().join(cross)));
            }
        }
        text
    }

    /// Each cell under its head.
    fn row_by_row(&self) -> Text {
        let mut text = Text::default();
        let Some((heads, rows)) = self.rows.split_first() else {
            return text;
        };
        for (number, row) in rows.iter().enumerate() {
            if number > 0 {
                text.blank();
            }
            for (column, (head, cell)) in iter::zip(heads, row).enumerate() {
                if cell.is_empty() {
                    continue;
                }
                if column > 0 && !head.is_empty() {
                    text.line(Line::from(quiet(format!("  {}:", head.plain()))));
                }
                let by = if column == 0 { "" } else { "    " };
                text.add(Text::spans_under(plain(by), cell.spans().to_vec()));
            }
        }
        text
    }
}

fn as_head(cell: &Line) -> Line {
    let spans = cell.spans().iter();
    let spans: Vec<Span> = spans
        .map(|span| Span::new(span.text(), Role::Strong))
        .collect();
    Line::from(spans)
}

/// One line of characters, across all cells of a row.
fn joined(cells: &[Vec<Line>], line: usize, widths: &[usize], bar: &str) -> Line {
    let mut whole = Line::default();
    for (column, (lines, width)) in iter::zip(cells, widths).enumerate() {
        if column > 0 {
            whole = whole.and(quiet(bar));
        }
        let part = lines.get(line).cloned().unwrap_or_default();
        let is_last = column + 1 == widths.len();
        let fill = if is_last { 0 } else { width - part.width() };
        whole = whole.and(part).and(plain(" ".repeat(fill)));
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::default();
        for row in [
            ["you have", "use"],
            ["two or three futures, perhaps of different types", "join!"],
            ["many", "JoinSet"],
        ] {
            for cell in row {
                table.cell(vec![plain(cell)]);
            }
            table.end_row();
        }
        table
    }

    #[test]
    fn words_are_broken_within_their_column() {
        assert_eq!(
            table().text(30, Charset::Unicode).to_plain(80),
            "you have             │ use\n\
             ─────────────────────┼────────\n\
             two or three         │ join!\n\
             futures, perhaps of  │ \n\
             different types      │ \n\
             many                 │ JoinSet\n"
        );
    }

    #[test]
    fn where_there_is_no_room_each_cell_stands_below_the_one_before() {
        assert_eq!(
            table().text(16, Charset::Ascii).to_plain(80),
            "two or three futures, perhaps of different types\n  use:\n    join!\n\nmany\n  use:\n    JoinSet\n"
        );
    }
}
