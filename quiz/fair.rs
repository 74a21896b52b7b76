//! No question can be answered by how its choices look.

use std::collections::BTreeMap;

use proofs::scratch::workbook;
use quiz::{Question, Quiz};
use workbook::course::Course;

/// All questions with choices.
fn with_choices() -> Vec<Question> {
    let course = Course::open(&workbook()).expect("this is the workbook");
    let read = |quiz| Quiz::read(&workbook().join(quiz)).expect("it is a quiz");
    let chapters = course.chapters().iter();
    let questions = chapters.flat_map(|chapter| read(chapter.quiz()).questions);
    questions
        .filter(|question| !question.choices().is_empty())
        .collect()
}

fn length(choice: &str) -> usize {
    choice.chars().count()
}

#[test]
fn the_right_choice_is_never_the_longest_and_seldom_the_shortest() {
    let questions = with_choices();
    let mut shortest = 0;
    for question in &questions {
        let right = question.right_answer();
        let choices = question.choices();
        let wrong = || choices.iter().filter(|choice| **choice != right);
        assert!(wrong().count() >= 3, "{}: four choices", question.id);
        assert!(
            wrong().any(|wrong| length(wrong) >= length(&right)),
            "{}: the right choice is the longest",
            question.id
        );
        shortest += usize::from(wrong().all(|wrong| length(wrong) > length(&right)));
    }
    // By chance, it would be a quarter.
    assert!(
        3 * shortest <= questions.len(),
        "the right choice is the shortest in {shortest} of {}",
        questions.len()
    );
}

#[test]
fn no_choice_speaks_of_the_others() {
    for question in with_choices() {
        for choice in question.choices() {
            let choice = choice.to_lowercase();
            for words in ["of the above", "of these", "don't know"] {
                assert!(!choice.contains(words), "{}: `{words}`", question.id);
            }
        }
    }
}

#[test]
fn no_place_has_most_of_the_right_choices() {
    let questions = with_choices();
    let mut places = BTreeMap::new();
    for question in &questions {
        let right = question.right_answer();
        let choices = question.choices();
        let place = choices.iter().position(|choice| *choice == right);
        *places.entry(place.expect("it is one of them")).or_insert(0) += 1;
    }
    for (place, count) in &places {
        assert!(
            5 * count <= 2 * questions.len(),
            "{count} of {} have it at place {place}: give the next question another id",
            questions.len()
        );
    }
}
