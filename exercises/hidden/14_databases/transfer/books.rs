//! What is stored, as another program sees it.

use crate::bank::Bank;

/// All accounts with their cents, and all payments: payer, payee, cents.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Books {
    pub(super) accounts: Vec<(i64, i64)>,
    pub(super) payments: Vec<(i64, i64, i64)>,
}

/// Reads the books in one go.
pub(super) async fn books(bank: &Bank) -> Books {
    let mut connection = bank.other_program.lock().await;
    let accounts = sqlx::query_as("SELECT id, cents FROM accounts ORDER BY id")
        .fetch_all(&mut *connection)
        .await;
    let payments = sqlx::query_as("SELECT payer, payee, cents FROM payments ORDER BY id")
        .fetch_all(&mut *connection)
        .await;
    Books {
        accounts: accounts.expect("the tables are as the test made them"),
        payments: payments.expect("the tables are as the test made them"),
    }
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
