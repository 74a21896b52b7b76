//! The questions of the chapters, and when they come back.
//!
//! When one comes back is decided by [FSRS](https://github.com/open-spaced-repetition/rs-fsrs), which
//! spaces repetitions by how well each question is known: one that was missed comes back within
//! minutes, one that is known after days, then weeks.

use ::quiz::{Answered, Question, Quiz, QuizError, Session};
use chrono::{DateTime, Utc};
use rs_fsrs::{Card, FSRS, Parameters, Rating};

use crate::{
    course::{Chapter, Course},
    progress::{self, Progress, Score},
};

/// The questions of a chapter.
///
/// # Errors
///
/// They cannot be read.
pub fn of_chapter(course: &Course, chapter: &Chapter) -> Result<Vec<Question>, QuizError> {
    let file = course.root().join(chapter.quiz());
    Ok(Quiz::read(&file)?.questions)
}

/// The questions that are due, the longest overdue first.
///
/// # Errors
///
/// A chapter's questions cannot be read.
pub fn due(
    course: &Course,
    progress: &Progress,
    now: DateTime<Utc>,
) -> Result<Vec<Question>, QuizError> {
    let mut due = Vec::new();
    for chapter in course.chapters() {
        for question in of_chapter(course, chapter)? {
            if let Some(known) = progress.questions.get(&question.id)
                && known.card.due <= now
            {
                due.push((known.card.due, question));
            }
        }
    }
    due.sort_by_key(|(when, _)| *when);
    Ok(due.into_iter().map(|(_, question)| question).collect())
}

/// When there will be something to do.
#[must_use]
pub fn nothing_due(progress: &Progress, now: DateTime<Utc>) -> String {
    let next = progress
        .questions
        .values()
        .map(|known| known.card.due)
        .min();
    match next {
        None => {
            "You haven't answered any questions yet. `cargo run -- quiz` asks those of the current chapter."
                .into()
        }
        Some(next) => format!(
            "No question is due. The next comes back in {}.",
            away((next - now).num_minutes().max(0))
        ),
    }
}

fn away(minutes: i64) -> String {
    let counted = |count: i64, noun: &str| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {noun}{plural}")
    };
    match minutes {
        0 => "less than a minute".into(),
        1..60 => counted(minutes, "minute"),
        60..1440 => counted(minutes / 60, "hour"),
        _ => counted(minutes / 1440, "day"),
    }
}

/// Takes note of an answer, and so of when its question comes back.
pub fn remember(progress: &mut Progress, answered: &Answered, now: DateTime<Utc>) {
    let known = progress.questions.entry(answered.question.id.clone());
    let known = known.or_default();
    known.card = again(known.card.clone(), answered.right, now);
}

fn again(card: Card, right: bool, now: DateTime<Utc>) -> Card {
    let rating = if right { Rating::Good } else { Rating::Again };
    FSRS::new(Parameters::default())
        .next(card, now, rating)
        .card
}

/// The time by the system's clock.
#[must_use]
pub fn now() -> DateTime<Utc> {
    DateTime::from(std::time::UNIX_EPOCH + progress::now())
}

/// Takes note of the score of a quiz that came to its end.
pub fn finish(progress: &mut Progress, chapter: &Chapter, session: &Session) {
    if session.question().is_none() {
        progress.chapter_mut(&chapter.slug).quiz = Some(Score {
            right: session.right(),
            asked: session.asked(),
        });
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    /// In seconds since 1970: a card has to begin somewhere.
    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + day)
    }

    #[test]
    fn what_was_missed_comes_back_within_minutes() {
        let card = again(Card::default(), false, day(0));
        assert!(
            card.due > day(0) && card.due <= day(0) + TimeDelta::minutes(10),
            "{}",
            card.due
        );
    }

    #[test]
    fn what_is_known_comes_back_later_each_time() {
        let mut card = Card::default();
        let mut when = day(0);
        let mut waits = Vec::new();
        for _ in 0..5 {
            card = again(card, true, when);
            waits.push(card.due - when);
            when = card.due;
        }
        assert!(waits.is_sorted(), "{waits:?}");
        assert!(waits[4] > TimeDelta::days(7), "{waits:?}");
        let missed = again(card, false, when);
        assert!(missed.due - when < waits[4], "missed, it comes back sooner");
    }

    #[test]
    fn how_long_it_is_away_is_said_in_words() {
        let said: Vec<_> = [0, 1, 59, 60, 1439, 1440, 4000].map(away).into();
        assert_eq!(
            said,
            [
                "less than a minute",
                "1 minute",
                "59 minutes",
                "1 hour",
                "23 hours",
                "1 day",
                "2 days"
            ]
        );
    }
}
