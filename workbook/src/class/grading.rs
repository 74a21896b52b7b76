//! Grades what learners handed in, each answer once.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use super::{ChapterResult, Kept, Learner, LearnerResult};
use crate::{
    course::{Chapter, Course},
    error::Error,
    grade::{Examiner, Sources},
    progress::Progress,
    report::model::ChapterReport,
};

/// Grades what learners handed in.
#[derive(Debug)]
pub struct Grading {
    examiner: Examiner,
    chapters: Vec<Chapter>,
    /// What tells the hidden tests of each chapter from others.
    fingerprints: Vec<u32>,
    kept: Kept,
    /// The answers that are being graded. Who has the same one waits, and finds what came of it.
    under_way: Mutex<HashMap<AnswerKey, Weak<Turn>>>,
}

/// The slug of a chapter, and the fingerprint of an answer to it.
type AnswerKey = (String, u32);

/// Whoever holds it grades the answer.
type Turn = tokio::sync::Mutex<()>;

/// What came of a learner.
#[derive(Clone, Debug)]
pub struct Done {
    /// What was found.
    pub result: LearnerResult,
    /// Whether all of it was known before.
    pub was_known: bool,
}

impl Grading {
    /// Grades these chapters, and keeps what comes of it.
    ///
    /// # Errors
    ///
    /// It isn't known how a chapter is compiled.
    pub fn new(examiner: Examiner, chapters: &[&Chapter], kept: Kept) -> Result<Self, Error> {
        let fingerprint = |chapter: &&Chapter| examiner.fingerprint(chapter);
        let fingerprints = chapters.iter().map(fingerprint).collect::<Result<_, _>>()?;
        Ok(Self {
            examiner,
            chapters: chapters.iter().copied().cloned().collect(),
            fingerprints,
            kept,
            under_way: Mutex::default(),
        })
    }

    /// Grades all that a learner handed in.
    ///
    /// # Errors
    ///
    /// Not the fault of any answer: something cannot be written, or the hidden tests were changed meanwhile.
    ///
    /// # Cancel safety
    ///
    /// Dropping this stops the compiler and the answer. What came of the answers before it is kept.
    pub async fn grade(&self, learner: &Learner) -> Result<Done, Error> {
        let mut chapters = BTreeMap::new();
        let mut was_known = true;
        for (chapter, &fingerprint) in std::iter::zip(&self.chapters, &self.fingerprints) {
            let result = match learner.handed_in.read(chapter).await {
                Ok(sources) => {
                    let (result, known) = self.result(chapter, fingerprint, sources).await?;
                    was_known &= known;
                    result
                }
                Err(cause) => {
                    let graded = self.examiner.unreadable(chapter, cause);
                    ChapterResult::of(&ChapterReport::new(chapter, &graded, &Progress::default()))
                }
            };
            chapters.insert(chapter.slug.clone(), result);
        }
        let name = learner.name.clone();
        Ok(Done {
            result: LearnerResult { name, chapters },
            was_known,
        })
    }

    /// What came of an answer, and whether it was known.
    async fn result(
        &self,
        chapter: &Chapter,
        fingerprint: u32,
        sources: Sources,
    ) -> Result<(ChapterResult, bool), Error> {
        let turn = self.turn(chapter, &sources);
        let _turn = turn.lock().await;
        if let Some(known) = self.kept.find(chapter, fingerprint, &sources) {
            return Ok((known, true));
        }
        let graded = self.examiner.grade(chapter, sources.clone()).await?;
        let report = ChapterReport::new(chapter, &graded, &Progress::default());
        let result = ChapterResult::of(&report);
        let kept = self.kept.keep(chapter, fingerprint, &sources, &result);
        kept.map_err(|source| Error::File {
            what: "write to",
            file: self.kept.folder().to_owned(),
            source,
        })?;
        Ok((result, false))
    }

    /// What whoever grades this answer holds meanwhile.
    fn turn(&self, chapter: &Chapter, sources: &Sources) -> Arc<Turn> {
        let key = (chapter.slug.clone(), sources.fingerprint());
        // Each change is one call of the map's, which cannot be left half done.
        let mut under_way = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        under_way.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = under_way.get(&key).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::default();
        under_way.insert(key, Arc::downgrade(&turn));
        turn
    }
}

/// Those of these chapters whose exercise somebody changed.
pub async fn begun<'a>(
    course: &Course,
    chapters: &[&'a Chapter],
    learners: &[Learner],
) -> Vec<&'a Chapter> {
    let mut begun = Vec::new();
    for &chapter in chapters {
        let files = chapter.original_files(course.root()).unwrap_or_default();
        let originals = files.iter().map(|file| {
            let text = fs::read_to_string(course.root().join(file)).unwrap_or_default();
            same_line_ends(&text)
        });
        let originals: Vec<String> = originals.collect();
        for learner in learners {
            if !learner.handed_in.has(chapter) {
                continue;
            }
            // What cannot be read is not as it came.
            let is_as_it_came = learner.handed_in.read(chapter).await.is_ok_and(|sources| {
                let texts = sources.iter().map(|source| same_line_ends(&source.text));
                texts.eq(originals.iter().cloned())
            });
            if !is_as_it_came {
                begun.push(chapter);
                break;
            }
        }
    }
    begun
}

fn same_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n")
}
