//! Task 3.

use std::time::Duration;

use async_workbook::{
    harness::{Task, task},
    probes::schedules::{Choices, every, give_up_after, interleave},
    verdict::examine,
};
use tokio::time::timeout;

use crate::{
    Answer,
    outcome::{Wrong, is_accepted},
    tills::{Kind, Till, drawn},
};

pub(crate) const TASK: Task<Answer> = task!(check_till:
    a_right_till_is_accepted,
    tickets_sold_twice_are_noticed,
    a_sale_that_is_overwritten_is_noticed,
    a_customer_sent_away_is_noticed,
    sales_that_wait_for_each_other_are_noticed,
    a_missed_signal_is_noticed,
    tickets_lost_with_a_sale_are_noticed,
    a_sale_that_went_through_unheard_is_noticed,
    tickets_out_of_nowhere_are_noticed,
    permits_are_accepted,
    sales_in_turn_are_accepted,
    tickets_taken_last_are_accepted,
    more_tickets_than_are_left_are_noticed,
    a_ticket_that_is_never_sold_is_noticed,
    tickets_reserved_for_ever_are_noticed,
);

fn accepts(answer: &Answer, what: &str, kind: Kind) {
    examine(async |_| {
        let make = |tickets| Till::new(tickets, kind);
        is_accepted(what, (answer.check_till)(&make)).await
    });
}

fn refuses(answer: &Answer, kind: Kind, wrong: &Wrong) {
    examine(async |_| {
        let make = |tickets| Till::new(tickets, kind);
        let refused = wrong.is_refused((answer.check_till)(&make)).await;
        if wrong.slipped_through(&refused) {
            let drawing = counterexample(kind).await;
            return refused.map_err(|fault| fault.drawn(drawing));
        }
        refused
    });
}

/// How many tickets there are, and how many each of the customers wants.
type Scene = (usize, [usize; 2]);

/// The shortest run in which a till goes wrong, as a drawing.
async fn counterexample(kind: Kind) -> String {
    let mut shortest: Option<(usize, String)> = None;
    for scene in [(3, [2, 2]), (3, [2, 1])] {
        for gives_up in [None, Some(1)] {
            every(async |choices| {
                let (events, wrong) = run(choices, kind, scene, gives_up).await;
                let is_shorter = shortest.as_ref().is_none_or(|(lines, _)| events.len() < *lines);
                if let Some(wrong) = wrong
                    && is_shorter
                {
                    let (stock, [first, second]) = scene;
                    let drawing = format!(
                        "{stock} tickets, a sale of {first} and a sale of {second}:\n\n{}\n{wrong}\n",
                        drawn(&events)
                    );
                    shortest = Some((events.len(), drawing));
                }
            })
            .await;
            if let Some((_, drawing)) = shortest {
                return drawing;
            }
        }
    }
    String::new()
}

/// Two sales in one order: what happened, and what is wrong with the outcome.
async fn run(
    choices: &mut Choices,
    kind: Kind,
    (stock, wanted): Scene,
    gives_up: Option<usize>,
) -> (Vec<(usize, String)>, Option<String>) {
    let till = Till::new(stock, kind);
    let mut sales = Vec::new();
    for (customer, tickets) in wanted.into_iter().enumerate() {
        let polls = match gives_up {
            Some(who) if who == customer => choices.pick(9),
            _ => usize::MAX,
        };
        sales.push(give_up_after(polls, till.sell(tickets)));
    }
    let ended = timeout(Duration::from_secs(1), interleave(choices, sales)).await;
    let Ok(ended) = ended else {
        let mut events = till.events();
        // These two are dropped when time is up, which isn't part of the story.
        while events.pop_if(|(_, event)| event == "is dropped").is_some() {}
        return (events, Some("Both wait for ever.".into()));
    };
    let sold: usize = std::iter::zip(&ended, wanted)
        .map(|(sold, tickets)| if *sold == Some(true) { tickets } else { 0 })
        .sum();
    let (left, events) = (till.left(), till.events());
    let are_enough = wanted.iter().sum::<usize>() <= stock;
    let wrong = if sold + left != stock {
        Some(format!("{sold} sold and {left} left, of {stock} tickets."))
    } else if are_enough && ended.contains(&Some(false)) {
        Some("There were enough tickets for both.".into())
    } else if timeout(Duration::from_secs(1), till.sell(left)).await == Ok(true) {
        None
    } else {
        let wrong = format!("{left} left, and nobody can buy as many.");
        return (till.events(), Some(wrong));
    };
    (events, wrong)
}

fn a_right_till_is_accepted(answer: &Answer) {
    let what = "a till that sets tickets aside before the payment, and takes them back if the sale is dropped";
    accepts(answer, what, Kind::Simple);
}

fn permits_are_accepted(answer: &Answer) {
    accepts(
        answer,
        "a till whose tickets are the permits of a semaphore",
        Kind::Permits,
    );
}

fn sales_in_turn_are_accepted(answer: &Answer) {
    accepts(
        answer,
        "a till that makes one sale at a time: the next one waits for it",
        Kind::InTurn,
    );
}

fn tickets_taken_last_are_accepted(answer: &Answer) {
    accepts(
        answer,
        "a till that takes the tickets after the payment, if there are still enough",
        Kind::TakesLast,
    );
}

fn more_tickets_than_are_left_are_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::SellsTheRest,
        &Wrong {
            fault: "overselling_slipped_through",
            what: "a till that looks whether there are any tickets left, and not whether there are enough",
            contract: "it sells 2 tickets when there's 1",
            next: "let two sales want 2 tickets each, of 3",
        },
    );
}

fn a_ticket_that_is_never_sold_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::KeepsOneBack,
        &Wrong {
            fault: "needless_refusal_slipped_through",
            what: "a till that never sells the last ticket",
            contract: "it sells if there are enough",
            next: "let two sales want exactly what there is, and expect `true` of both",
        },
    );
}

fn tickets_reserved_for_ever_are_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::KeepsReserved,
        &Wrong {
            fault: "lost_tickets_slipped_through",
            what: "a till at which the tickets of a dropped sale count as left, and can never be bought",
            contract: "a sale that's dropped has sold nothing, and there are enough for the next",
            next: "after somebody has given up, buy what is left, and expect `true`",
        },
    );
}

fn tickets_sold_twice_are_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::LooksFirst,
        &Wrong {
            fault: "overselling_slipped_through",
            what: "a till that looks whether there are enough tickets, awaits the payment, and then takes them",
            contract: "there's an order in which it sells more tickets than there are",
            next: "let two sales want more than there is, in every order (`interleave`), and add up what was sold",
        },
    );
}

fn a_sale_that_is_overwritten_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::WritesWhatItRead,
        &Wrong {
            fault: "lost_update_slipped_through",
            what: "a till that reads how many are left, awaits the payment, and writes what it read less what it sold",
            contract: "there's an order in which one sale overwrites the other",
            next: "when all sales have ended, compare `left()` with what there was, less what was sold",
        },
    );
}

fn a_customer_sent_away_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::RefusesWhenBusy,
        &Wrong {
            fault: "needless_refusal_slipped_through",
            what: "a till that refuses a sale while it's busy with another",
            contract: "there are enough tickets for both",
            next: "let two sales want no more than there is, and expect `true` of both, in every order",
        },
    );
}

fn sales_that_wait_for_each_other_are_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::LocksInBothOrders,
        &Wrong {
            fault: "hang_slipped_through",
            what: "a till with two locks, which one sale takes in one order, and the next sale in the other",
            contract: "there's an order in which each sale waits for a lock of the other",
            next: "try every order of two sales, and put a `timeout` around `interleave`",
        },
    );
}

fn a_missed_signal_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::MissesTheSignal,
        &Wrong {
            fault: "hang_slipped_through",
            what: "a till at which a sale may begin to wait for a signal just after the signal was given",
            contract: "there's an order in which a sale waits for ever",
            next: "try every order of two sales, and put a `timeout` around `interleave`",
        },
    );
}

fn tickets_lost_with_a_sale_are_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::KeepsOnDrop,
        &Wrong {
            fault: "lost_tickets_slipped_through",
            what: "a till that takes the tickets before the payment, and doesn't take them back if the sale is dropped",
            contract: "a sale that's dropped has sold nothing",
            next: "wrap one sale in `give_up_after`, with a number of polls that `choices` picks, and compare `left()` with what was sold",
        },
    );
}

fn a_sale_that_went_through_unheard_is_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::SellsBeforeTheReceipt,
        &Wrong {
            fault: "lost_tickets_slipped_through",
            what: "a till whose tickets are sold once they're paid for, while the sale still waits for the receipt",
            contract: "a sale that's dropped before it returned has sold nothing",
            next: "let `choices` pick from more numbers of polls, and drop a sale at each of its awaits, the last one too",
        },
    );
}

fn tickets_out_of_nowhere_are_noticed(answer: &Answer) {
    refuses(
        answer,
        Kind::ReturnsTooMuch,
        &Wrong {
            fault: "extra_tickets_slipped_through",
            what: "a till at which a sale that's dropped in the queue gives back tickets that it never had",
            contract: "there are never more tickets than there were",
            next: "wrap each sale in turn in `give_up_after`, or let `choices` say which, and compare `left()` with what was sold",
        },
    );
}
