//! A quiz in the workbook.

use ::quiz::{Answered, Judgement, Question, Session};
use crossterm::event::KeyEvent;

use super::input::Input;
use crate::{course::Chapter, report, text::Text};

/// A quiz, from the first question to the score.
#[derive(Debug)]
pub(super) struct Quiz {
    /// The chapter whose score it decides; none, for questions that came back.
    pub(super) chapter: Option<Chapter>,
    pub(super) session: Session,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// A question waits for its answer; the words say why the last line was none.
    Asked(Input, Option<&'static str>),
    /// The last answer is explained.
    Explained,
}

impl Quiz {
    /// Begins with the first question.
    pub(super) fn new(chapter: Option<Chapter>, questions: Vec<Question>) -> Self {
        Self {
            chapter,
            session: Session::new(questions),
            stage: Stage::Asked(Input::default(), None),
        }
    }

    /// Takes a key, and returns the answer that was given by it, if one was.
    pub(super) fn take_key(&mut self, key: &KeyEvent) -> Option<Answered> {
        match &mut self.stage {
            Stage::Explained => {
                if key.code == crossterm::event::KeyCode::Enter && !self.has_ended() {
                    self.stage = Stage::Asked(Input::default(), None);
                }
                None
            }
            Stage::Asked(line, unclear) => {
                let given = line.take(key)?;
                match self.session.answer(&given) {
                    Judgement::Unclear(why) => {
                        *unclear = Some(why);
                        None
                    }
                    Judgement::Right | Judgement::Wrong => {
                        self.stage = Stage::Explained;
                        self.session.answered().last().cloned()
                    }
                }
            }
        }
    }

    /// Whether keys are letters of an answer.
    pub(super) fn is_typing(&self) -> bool {
        matches!(self.stage, Stage::Asked(..))
    }

    /// Whether all is answered.
    pub(super) fn has_ended(&self) -> bool {
        self.session.question().is_none()
    }

    /// What is to be seen of it.
    pub(super) fn text(&self) -> Text {
        match &self.stage {
            Stage::Asked(_, unclear) => {
                let mut text = report::question_text(&self.session);
                if let Some(why) = unclear {
                    text.blank();
                    text.line(*why);
                }
                text
            }
            Stage::Explained => {
                let mut text = Text::default();
                if let Some(answered) = self.session.answered().last() {
                    text.add(report::asked_text(&answered.question));
                    text.blank();
                    text.add(report::answered_text(answered));
                }
                if self.has_ended() {
                    text.blank();
                    text.add(report::score_text(&self.session, "v asks them"));
                }
                text
            }
        }
    }

    /// What is being typed.
    pub(super) fn input(&self) -> Option<&Input> {
        match &self.stage {
            Stage::Asked(line, _) => Some(line),
            Stage::Explained => None,
        }
    }
}
