//! What two tasks do, in its order.

use std::{cell::RefCell, fmt, rc::Rc};

/// One of two tasks that write into the same log.
pub(crate) struct Log {
    column: usize,
    lines: Rc<RefCell<Vec<(usize, String)>>>,
}

impl Log {
    pub(crate) fn pair() -> [Self; 2] {
        let lines = Rc::default();
        [0, 1].map(|column| Self {
            column,
            lines: Rc::clone(&lines),
        })
    }

    pub(crate) fn says(&self, what: String) {
        self.lines.borrow_mut().push((self.column, what));
    }
}

/// A column for each task, and a line for each step.
impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const COLUMN: usize = 14;
        writeln!(f, "    {:COLUMN$}add_later", "add")?;
        for (column, what) in self.lines.borrow().iter() {
            writeln!(f, "    {:1$}{what}", "", column * COLUMN)?;
        }
        Ok(())
    }
}
