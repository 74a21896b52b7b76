//! What a hub must do, in the order in which it's checked.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use async_workbook::{
    harness::{counted, ms},
    verdict::{Fault, ensure},
};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::task::AbortOnDropHandle;

use crate::{
    Answer, Guest, News, Room, Utf8Bytes,
    faults::{Checked, no_task_is_left},
    log::seconds,
    peer::turns,
};

const BACKLOG: usize = 8;

fn text(number: usize) -> Utf8Bytes {
    Utf8Bytes::from(format!("message {number}"))
}

fn publish(hub: &dyn Room, numbers: std::ops::RangeInclusive<usize>) {
    for number in numbers {
        hub.call_publish(text(number));
    }
}

fn join(hub: &dyn Room) -> Result<Box<dyn Guest>, Fault> {
    hub.call_join().ok_or_else(|| {
        Fault::new("limit_too_low")
            .happened(format!(
                "a hub for 10 members had {}, and refused another",
                counted(hub.call_members(), "member")
            ))
            .expected("`join` returns a `Member` as long as there's a place")
            .next("look at what your `join` counts, and when it counts it")
    })
}

/// What a member gets if it waits for no longer than a moment: `None` is nothing at all.
async fn taken(member: &mut dyn Guest) -> Option<Option<News>> {
    timeout(ms(10), member.call_next()).await.ok()
}

/// `message 3`, or what came in its place.
fn shown(news: &Option<Option<News>>) -> String {
    match news {
        None => "nothing".to_owned(),
        Some(None) => "`None`".to_owned(),
        Some(Some(News::Text(text))) => format!("`{}`", text.escape_debug()),
        Some(Some(News::Missed(missed))) => format!("`Missed({missed})`"),
    }
}

/// Takes everything that a member can have now, up to a limit.
async fn all(member: &mut dyn Guest) -> Vec<Option<News>> {
    let mut news = Vec::new();
    while news.len() < 100 {
        match taken(member).await {
            None => break,
            Some(None) => {
                news.push(None);
                break;
            }
            Some(some) => news.push(some),
        }
    }
    news
}

fn list(news: &[Option<News>]) -> String {
    const MOST: usize = 12;
    let mut lines: Vec<String> = news
        .iter()
        .take(MOST)
        .map(|news| format!("  {}\n", shown(&Some(news.clone()))))
        .collect();
    if news.len() > MOST {
        lines.push(format!("  … and {} more\n", news.len() - MOST));
    }
    if lines.is_empty() {
        lines.push("  nothing\n".to_owned());
    }
    lines.concat()
}

async fn gets(member: &mut dyn Guest, who: &str, number: usize) -> Checked {
    let got = taken(member).await;
    if got == Some(Some(News::Text(text(number)))) {
        return Ok(());
    }
    let happened = format!(
        "`message {number}` was published, and {who} got {}",
        shown(&got)
    );
    Err(match got {
        None => Fault::new("message_not_delivered")
            .happened(happened)
            .expected("every member gets every message that's published after it has joined")
            .next("give each member a queue of its own, or a place of its own in a shared one: what one member takes is still there for the others"),
        Some(None) => lag_taken_for_the_end(happened),
        Some(Some(News::Missed(0))) => wrong_count(happened, "the member had missed nothing"),
        Some(Some(News::Missed(_))) => Fault::new("message_not_delivered")
            .happened(happened)
            .expected(format!("a member that's no more than {BACKLOG} messages behind misses none"))
            .next("keep as many messages for each member as the backlog says, and not the latest alone"),
        Some(Some(News::Text(_))) => Fault::new("messages_out_of_order")
            .happened(happened)
            .expected("each member gets the messages in the order in which they were published, each of them once, and none from before it joined")
            .next("let a new member begin at the end of the queue, and take from the front"),
    })
}

fn lag_taken_for_the_end(happened: String) -> Fault {
    Fault::new("lag_taken_for_the_end")
        .happened(happened)
        .expected("`next` gives `None` only once the hub is gone")
        .next("match on the error of `recv`: `Lagged(missed)` becomes `News::Missed(missed)`, and only `Closed` is the end")
}

fn wrong_count(happened: String, expected: &str) -> Fault {
    Fault::new("missed_messages_miscounted")
        .happened(happened)
        .expected(expected)
        .next("count what the member will never get, and give that number once, at the place of the gap")
}

pub(super) async fn every_member_gets_every_message(answer: &Answer) -> Checked {
    let hub = (answer.hub)(10, BACKLOG);
    // Nobody's there.
    publish(&*hub, 1..=3);
    let mut ada = join(&*hub)?;
    let mut bob = join(&*hub)?;
    publish(&*hub, 4..=6);
    let mut cy = join(&*hub)?;
    publish(&*hub, 7..=7);
    for number in 4..=7 {
        gets(&mut *ada, "the first member", number).await?;
    }
    for number in 4..=7 {
        gets(&mut *bob, "the second member", number).await?;
    }
    gets(
        &mut *cy,
        "the third member, which had joined a moment before,",
        7,
    )
    .await?;
    // One after the other, and the same again.
    for number in [8, 9, 9, 10] {
        hub.call_publish(text(number));
        for (who, member) in [
            ("one member", &mut ada),
            ("another", &mut bob),
            ("a third", &mut cy),
        ] {
            gets(&mut **member, who, number).await?;
        }
    }
    for member in [&mut ada, &mut bob, &mut cy] {
        let got = taken(&mut **member).await;
        ensure(got.is_none(), || {
            Fault::new("message_sent_twice")
                .happened(format!(
                    "a member had got everything, and then got {}",
                    shown(&got)
                ))
                .expected("a member gets each message once, and then waits for the next one")
                .next("take what you return out of the member's queue")
        })?;
    }
    // Two hubs have nothing to do with each other.
    let other = (answer.hub)(10, BACKLOG);
    let mut stranger = join(&*other)?;
    publish(&*hub, 11..=11);
    let got = taken(&mut *stranger).await;
    ensure(got.is_none(), || {
        Fault::new("state_shared_between_calls")
            .happened(format!("a member of another hub got {}", shown(&got)))
            .expected("each hub has its own members")
            .next("keep what a hub needs in its fields: a `static` is there once for all hubs")
    })
}

/// Waits for a message on a task, and says what it got and when.
fn waiting(mut member: Box<dyn Guest>) -> AbortOnDropHandle<(Option<News>, u64)> {
    let start = Instant::now();
    AbortOnDropHandle::new(tokio::spawn(async move {
        let news = member.call_next().await;
        let after = u64::try_from(start.elapsed().as_millis());
        (news, after.expect("no scenario is that long"))
    }))
}

pub(super) async fn a_waiting_member_gets_its_message_at_once(answer: &Answer) -> Checked {
    let hub = (answer.hub)(10, BACKLOG);
    let mut members = Vec::new();
    for _ in 0..3 {
        members.push(waiting(join(&*hub)?));
    }
    sleep(ms(2000)).await;
    hub.call_publish(text(1));
    for member in members {
        let Ok(got) = timeout(ms(60_000), member).await else {
            return Err(Fault::new("waiter_not_woken")
                    .happened("three members waited, a message was published, and one of them went on waiting")
                    .expected("a message wakes every member that waits for one")
                    .next("wake all of them: `notify_one` wakes one. And register for the wake-up before you look into the queue"));
        };
        let (news, after) =
            got.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        ensure(news == Some(News::Text(text(1))), || {
            Fault::new("message_not_delivered")
                .happened(format!(
                    "three members waited, `message 1` was published, and one of them got {}",
                    shown(&Some(news.clone()))
                ))
                .expected("all of them get the message")
                .next("leave the message there for the others when one member takes it")
        })?;
        ensure(after == 2000, || {
            Fault::new("polled_on_a_timer")
                    .happened(format!("a message was published at 2 s, and a member that waited got it at {}", seconds(after)))
                    .expected("it gets it at 2 s")
                    .next("await something that wakes you, such as the `recv` of a channel, in place of a sleep")
        })?;
    }
    no_task_is_left(0, "all members were gone").await
}

/// What a member got has to be the count of a gap, then the latest messages in order.
fn lagged(
    news: &[Option<News>],
    published: std::ops::RangeInclusive<usize>,
    when: &str,
) -> Checked {
    let (first, last) = published.into_inner();
    let count = last - first + 1;
    let missed = count - BACKLOG;
    let happened =
        format!("a member with a backlog of {BACKLOG} was {count} messages behind{when}");
    let drawing = || format!("  it was {count} messages behind, and got\n{}", list(news));
    let texts: Vec<&Utf8Bytes> = news
        .iter()
        .filter_map(|news| match news {
            Some(News::Text(text)) => Some(text),
            _ => None,
        })
        .collect();
    let ends = news.contains(&None);
    ensure(!ends, || {
        lag_taken_for_the_end(format!("{happened}, and `next` gave it `None`")).drawn(drawing())
    })?;
    ensure(texts.len() <= BACKLOG, || {
        Fault::new("mailbox_unbounded")
            .happened(format!("{happened}, and got all {} of them", texts.len()))
            .expected(format!("the hub keeps {BACKLOG} messages for a member, so one that never reads doesn't fill the memory"))
            .next("bound the queue: `broadcast::Sender::new(backlog)` keeps as many, and drops the oldest")
            .drawn(drawing())
    })?;
    let latest: Vec<Utf8Bytes> = (last + 1 - BACKLOG..=last).map(text).collect();
    let is_latest = texts.iter().copied().eq(latest.iter());
    ensure(is_latest, || {
        let has_first = texts.first().is_some_and(|got| **got == text(first));
        let name = if has_first {
            "newest_message_dropped"
        } else {
            "message_not_delivered"
        };
        Fault::new(name)
            .happened(format!("{happened}, and got {} of the latest {BACKLOG}", texts.iter().filter(|text| latest.contains(text)).count()))
            .expected("it misses the oldest messages, and gets the latest ones in order: what was said last matters most")
            .next("when there's no room, drop the oldest message of that member. A full `mpsc` channel refuses the newest")
            .drawn(drawing())
    })?;
    let notices: Vec<u64> = news
        .iter()
        .filter_map(|news| match news {
            Some(News::Missed(missed)) => Some(*missed),
            _ => None,
        })
        .collect();
    ensure(!notices.is_empty(), || {
        Fault::new("lag_not_reported")
            .happened(format!(
                "{happened}, missed {missed} of them, and was told nothing"
            ))
            .expected(format!(
                "it gets `Missed({missed})` before the rest: otherwise nobody notices the gap"
            ))
            .next("when `recv` gives `Lagged(missed)`, return `News::Missed(missed)`")
            .drawn(drawing())
    })?;
    let is_in_place = matches!(news.first(), Some(Some(News::Missed(_))));
    let is_right = notices.iter().sum::<u64>() == missed as u64 && notices.len() == 1;
    ensure(is_in_place && is_right, || {
        wrong_count(
            format!(
                "{happened}, missed {missed} of them, and got {}",
                notices
                    .iter()
                    .map(|missed| format!("`Missed({missed})`"))
                    .collect::<Vec<_>>()
                    .join(" and ")
            ),
            &format!("it gets `Missed({missed})` once, before the rest"),
        )
        .drawn(drawing())
    })
}

/// Gives the picture of what the member got.
pub(super) async fn a_member_that_is_behind_is_told(answer: &Answer) -> Result<String, Fault> {
    let hub = (answer.hub)(10, BACKLOG);
    let mut slow = join(&*hub)?;
    let mut quick = join(&*hub)?;
    for number in 1..=20 {
        hub.call_publish(text(number));
        gets(&mut *quick, "a member that takes each at once", number).await?;
    }
    let news = all(&mut *slow).await;
    lagged(&news, 1..=20, "")?;
    let picture = format!("  it was 20 messages behind, and got\n{}", list(&news));
    // It has caught up.
    publish(&*hub, 21..=22);
    gets(&mut *slow, "a member that had been behind", 21).await?;
    gets(&mut *slow, "a member that had been behind", 22).await?;
    // Much later, and again, and with less.
    publish(&*hub, 23..=22 + 5000);
    lagged(&all(&mut *slow).await, 23..=22 + 5000, " later")?;
    publish(&*hub, 6001..=6009);
    lagged(&all(&mut *slow).await, 6001..=6009, " once more")?;
    // In the middle of the rest.
    publish(&*hub, 7001..=7010);
    let mut news = vec![
        taken(&mut *slow).await,
        taken(&mut *slow).await,
        taken(&mut *slow).await,
    ];
    publish(&*hub, 7011..=7014);
    for _ in 0..9 {
        news.push(taken(&mut *slow).await);
    }
    let mut expected = vec![
        News::Missed(2),
        News::Text(text(7003)),
        News::Text(text(7004)),
        News::Missed(2),
    ];
    expected.extend((7007..=7014).map(|number| News::Text(text(number))));
    let got: Vec<News> = news.iter().flatten().flatten().cloned().collect();
    ensure(got == expected, || {
        let news: Vec<Option<News>> = news.iter().flatten().cloned().collect();
        wrong_count(
            "a member missed two messages, got two, and missed two more".to_owned(),
            "it gets `Missed(2)`, two messages, `Missed(2)`, and the rest",
        )
        .drawn(format!("  it got\n{}", list(&news)))
    })?;
    Ok(picture)
}

pub(super) async fn a_member_may_be_as_far_behind_as_the_backlog(answer: &Answer) -> Checked {
    for backlog in [2, BACKLOG, 64] {
        let hub = (answer.hub)(10, backlog);
        let mut member = join(&*hub)?;
        for round in 0..3 {
            publish(&*hub, round * backlog + 1..=(round + 1) * backlog);
            let news = all(&mut *member).await;
            let texts = (round * backlog + 1..=(round + 1) * backlog)
                .map(|number| Some(News::Text(text(number))));
            ensure(news.iter().cloned().eq(texts), || {
                let name = if news.contains(&None) {
                    "lag_taken_for_the_end"
                } else {
                    "limit_off_by_one"
                };
                Fault::new(name)
                        .happened(format!("a member with a backlog of {backlog} was exactly {backlog} messages behind, and missed one"))
                        .expected("it gets all of them: it misses messages only when it's further behind")
                        .next("look at where you compare with `backlog`, and use `backlog` as it is")
                        .drawn(format!("  it got\n{}", list(&news)))
            })?;
        }
    }
    Ok(())
}

pub(super) async fn places_are_limited_and_come_back(answer: &Answer) -> Checked {
    let hub = (answer.hub)(3, BACKLOG);
    let mut members = Vec::new();
    for count in 0..3 {
        let counts = hub.call_members();
        ensure(counts == count, || {
            wrong_members(
                &format!("{} had joined", counted(count, "member")),
                counts,
                count,
            )
        })?;
        members.push(join(&*hub)?);
    }
    for _ in 0..3 {
        ensure(hub.call_join().is_none(), || {
            Fault::new("limit_not_enforced")
                    .happened("a hub for 3 members let a fourth one join")
                    .expected("`join` returns `None` when all places are taken")
                    .next("take a permit of a `Semaphore` of `places` in `join`, and keep it in the `Member`")
        })?;
    }
    has_members(
        &*hub,
        3,
        "three members had joined, and others had been refused",
    )?;
    for round in 0..200 {
        drop(members.remove(round % 3));
        has_members(&*hub, 2, "one of three members was dropped a moment ago")?;
        let Some(member) = hub.call_join() else {
            return Err(slot_leaked(format!(
                "a member left, and its place was still taken when the next one came, after {} had come back",
                counted(round, "place")
            )));
        };
        members.push(member);
    }
    // One that goes while it waits, and one that goes with messages left.
    publish(&*hub, 1..=30);
    for member in members {
        let waiting = waiting(member);
        turns().await;
        drop(waiting);
        turns().await;
    }
    has_members(&*hub, 0, "all members had been dropped")?;
    ensure(hub.call_join().is_some(), || {
        slot_leaked("all members had left, and `join` returned `None`".to_owned())
    })
}

fn has_members(hub: &dyn Room, expected: usize, when: &str) -> Checked {
    let members = hub.call_members();
    ensure(members == expected, || {
        if members > expected {
            return slot_leaked(format!("{when}, and `members` returned {members}"));
        }
        wrong_members(when, members, expected)
    })
}

fn wrong_members(when: &str, members: usize, expected: usize) -> Fault {
    Fault::new("wrong_count_returned")
        .happened(format!("{when}, and `members` returned {members}"))
        .expected(format!("it returns {expected}"))
        .next("count those that have joined and aren't dropped yet")
}

fn slot_leaked(happened: String) -> Fault {
    Fault::new("slot_leaked")
        .happened(happened)
        .expected("a place is free from the moment at which its `Member` is dropped")
        .next("keep in the `Member` whatever frees the place in its `Drop`: an `OwnedSemaphorePermit`, the channel's receiver, or a guard of your own")
}

/// Drops `next` at each poll of it, for all schedules of a few messages.
pub(super) async fn a_dropped_wait_loses_nothing(answer: &Answer) -> Checked {
    let hub = (answer.hub)(10, BACKLOG);
    let mut member = join(&*hub)?;
    let mut got = Vec::new();
    for number in 1..=30 {
        // Once before the message is there, and once after.
        polled_once(&mut *member, &mut got);
        hub.call_publish(text(number));
        if number % 3 == 0 {
            polled_once(&mut *member, &mut got);
        }
        turns().await;
    }
    while let Some(Some(news)) = taken(&mut *member).await {
        got.push(news);
    }
    let expected: Vec<News> = (1..=30).map(|number| News::Text(text(number))).collect();
    ensure(got == expected, || {
        let got: Vec<Option<News>> = got.iter().cloned().map(Some).collect();
        Fault::new("message_lost_on_drop")
                .happened(format!("`next` was dropped now and then while it waited, and of 30 messages the member got {}", got.len()))
                .expected("a message that `next` has taken is returned by that same poll, or stays where it was")
                .next("don't await anything between taking a message and returning it")
                .drawn(format!("  it got\n{}", list(&got)))
    })
}

fn polled_once(member: &mut dyn Guest, got: &mut Vec<News>) {
    let mut next = member.call_next();
    let next: Pin<&mut _> = next.as_mut();
    if let Poll::Ready(Some(news)) = next.poll(&mut Context::from_waker(Waker::noop())) {
        got.push(news);
    }
}

pub(super) async fn members_learn_that_the_hub_is_gone(answer: &Answer) -> Checked {
    let hub = (answer.hub)(10, BACKLOG);
    let mut member = join(&*hub)?;
    let waiting = waiting(join(&*hub)?);
    turns().await;
    drop::<Arc<dyn Room>>(hub);
    let ended = timeout(ms(60_000), waiting).await.is_ok();
    let got = taken(&mut *member).await;
    ensure(ended && got.is_some(), || {
        Fault::new("spare_sender_kept")
                .happened("the hub was dropped, and a member went on waiting")
                .expected("`next` gives `None`: nobody is left who could publish")
                .next("let the hub alone own the sender: a `Member` that has the sender, or an `Arc` of it, keeps the channel open")
    })?;
    // What it left is taken first.
    let hub = (answer.hub)(10, BACKLOG);
    let mut member = join(&*hub)?;
    publish(&*hub, 1..=2);
    drop(hub);
    gets(&mut *member, "a member whose hub was gone", 1).await?;
    gets(&mut *member, "a member whose hub was gone", 2).await?;
    for _ in 0..2 {
        let got = taken(&mut *member).await;
        ensure(got == Some(None), || {
            Fault::new("closed_channel_missed")
                .happened(format!(
                    "the hub was gone, its messages had been taken, and `next` gave {}",
                    shown(&got)
                ))
                .expected("it gives `None`, every time")
                .next("return `None` when `recv` gives `Closed`")
        })?;
    }
    // A gap is told all the same.
    let hub = (answer.hub)(10, BACKLOG);
    let mut member = join(&*hub)?;
    publish(&*hub, 1..=20);
    drop(hub);
    let mut news = all(&mut *member).await;
    // The check above has found this for a member that wasn't behind.
    if news.last() == Some(&None) {
        news.pop();
    }
    lagged(&news, 1..=20, ", and the hub was dropped")
}

pub(super) async fn the_text_is_shared(answer: &Answer) -> Checked {
    let hub = (answer.hub)(10, BACKLOG);
    let mut members = vec![join(&*hub)?, join(&*hub)?, join(&*hub)?];
    let text = Utf8Bytes::from("a long message ".repeat(1000));
    hub.call_publish(text.clone());
    for member in &mut members {
        let got = taken(&mut **member).await;
        let Some(Some(News::Text(got))) = got else {
            return Err(Fault::new("message_not_delivered")
                .happened(format!(
                    "a message of 15,000 bytes was published, and a member got {}",
                    shown(&got)
                ))
                .expected("every member gets every message, of any length")
                .next("hand on the text as it is"));
        };
        ensure(got == text, || {
            Fault::new("data_altered")
                .happened("a member got another text than the one that was published")
                .expected("it gets the same text")
                .next("hand on the text as it is")
        })?;
        ensure(got.as_str().as_ptr() == text.as_str().as_ptr(), || {
            Fault::new("text_copied_per_member")
                    .happened("a message of 15,000 bytes was copied for a member: with 10,000 members, it would take 150 MB")
                    .expected("all members share the text")
                    .next("pass on clones of the `Utf8Bytes` that you were given: a clone counts one more reference. `to_string` and `as_str().into()` copy")
        })?;
    }
    Ok(())
}
