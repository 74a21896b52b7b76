//! What is stored, as another program sees it.

use crate::bank::{ADA, BEN, Bank, CLEO};

/// All accounts with their cents, and all payments: payer, payee, cents.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Books {
    pub(super) accounts: Vec<(i64, i64)>,
    pub(super) payments: Vec<(i64, i64, i64)>,
}

/// The books as they were in the beginning.
pub(super) async fn opened_anew(bank: &Bank) -> Books {
    bank.other_program(
        "UPDATE accounts SET cents = CASE id WHEN 1 THEN 1000 WHEN 2 THEN 500 ELSE 0 END; DELETE FROM payments",
    )
    .await;
    bank.database.forget_statements();
    Books {
        accounts: vec![(ADA, 1000), (BEN, 500), (CLEO, 0)],
        payments: Vec::new(),
    }
}

/// Reads the books in one go.
pub(super) async fn books(bank: &Bank) -> Books {
    let mut connection = bank.other_program.lock().await;
    let rows = sqlx::query_as::<_, (Option<i64>, i64, i64, i64)>(
        "SELECT NULL, id, 0, cents FROM accounts UNION ALL SELECT id, payer, payee, cents FROM payments ORDER BY 1, 2",
    )
    .fetch_all(&mut *connection)
    .await;
    let mut books = Books {
        accounts: Vec::new(),
        payments: Vec::new(),
    };
    for (payment, id, payee, cents) in rows.expect("the tables are as the test made them") {
        match payment {
            None => books.accounts.push((id, cents)),
            Some(_) => books.payments.push((id, payee, cents)),
        }
    }
    books
}

impl Books {
    /// The same, after a transfer.
    pub(super) fn after(&self, from: i64, to: i64, cents: i64) -> Self {
        let mut after = self.clone();
        for (id, balance) in &mut after.accounts {
            if *id == from {
                *balance -= cents;
            }
            if *id == to {
                *balance += cents;
            }
        }
        after.payments.push((from, to, cents));
        after
    }

    pub(super) fn cents(&self, account: i64) -> i64 {
        let found = self.accounts.iter().find(|(id, _)| *id == account);
        found.expect("the account is there").1
    }

    /// `Ada 1000, Ben 500, Cleo 0`
    pub(super) fn balances(&self) -> String {
        let names = ["Ada", "Ben", "Cleo"];
        let balances = self.accounts.iter().zip(names);
        let balances: Vec<_> = balances
            .map(|((_, cents), name)| format!("{name} {cents}"))
            .collect();
        balances.join(", ")
    }
}
