//! The mistakes of a chapter, each folded below its symptom, with wrong code and right code side by side.
//!
//! A page has a section for each below the heading [`HEADING`], which begins with its symptom. The code comes from
//! the known wrong answers in `solutions/wrong` and from the right ones, all of which are graded. Right code solves the
//! exercise: it is folded away once more, and stands where search does not read it.

use std::{fs, io, path::Path};

use overlay::{Reference, Sides};
use quick_xml::escape::escape;

use crate::quiz::{lines, with_code};

/// What the mistakes of a chapter stand below.
pub(crate) const HEADING: &str = "\n## What goes wrong\n";

/// A section about a mistake.
pub(crate) struct Section<'page> {
    pub(crate) heading: &'page str,
    /// What is noticed first, in a sentence.
    pub(crate) symptom: String,
    /// What follows that sentence.
    text: String,
}

impl<'page> Section<'page> {
    /// The sections of a page, in its order.
    ///
    /// # Errors
    ///
    /// One of them does not begin with its symptom.
    pub(crate) fn all(page: &'page str) -> Result<Vec<Self>, String> {
        let (_, mistakes, _) = cut(page);
        let sections = mistakes.split("\n### ").skip(1);
        sections.map(Self::read).collect()
    }

    fn read(section: &'page str) -> Result<Self, String> {
        let (heading, text) = section.split_once('\n').unwrap_or((section, ""));
        let heading = heading.trim();
        let wrong = |reason| format!("the section `{heading}` {reason}");
        let (first, rest) = text.trim().split_once("\n\n").unwrap_or((text.trim(), ""));
        let first = first
            .strip_prefix("Symptom: ")
            .ok_or_else(|| wrong("does not begin with `Symptom: `"))?
            .replace('\n', " ");
        let symptom = first_sentence(&first).ok_or_else(|| wrong("has a symptom without end"))?;
        let text = format!("{}\n\n{rest}", first[symptom.len()..].trim_start());
        Ok(Self {
            heading,
            symptom: symptom.to_owned(),
            text: text.trim().to_owned(),
        })
    }

    /// The id that mdBook would give the heading, which is what links and verdicts lead to.
    pub(crate) fn id(&self) -> String {
        let kept = self.heading.chars().filter_map(|c| match c {
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            c if c.is_whitespace() => Some('-'),
            _ => None,
        });
        kept.collect::<String>().to_lowercase()
    }

    /// What the mistake is called in the names of answers.
    fn misconception(&self) -> String {
        self.id().replace('-', "_")
    }

    /// The section as it stands in the page, with its code if there is any.
    fn folded(&self, code: &str) -> String {
        let Self {
            heading,
            symptom,
            text,
        } = self;
        format!(
            "<details class=\"mistake\">\n<summary>\n<h3 id=\"{}\">{}</h3>\n\n{}\n\n</summary>\n\n{text}\n\n{code}</details>\n",
            self.id(),
            with_code(heading),
            capitalised(symptom),
        )
    }
}

/// A page with its mistakes folded, if it is the page of a chapter.
///
/// # Errors
///
/// A section does not begin with its symptom, or its code cannot be read.
pub(crate) fn folded(root: &Path, slug: &str, page: &str) -> Result<String, String> {
    let (before, mistakes, after) = cut(page);
    let sections = Section::all(page)?;
    if sections.is_empty() {
        return Ok(page.to_owned());
    }
    let answers = Answers::of(root, slug)?;
    let right = answers.right()?;
    let introduction = mistakes.split("\n### ").next().unwrap_or_default();
    let introduction = introduction.trim_end();
    let mut folded = format!("{before}{introduction}\n\n");
    for section in sections {
        let sides = answers.sides(&section.misconception(), &right)?;
        let code = sides.map_or_else(String::new, |(answer, sides)| code(answer, &sides));
        folded += &section.folded(&code);
        folded.push('\n');
    }
    Ok(folded + after)
}

/// What is before the mistakes with their heading, the mistakes, and what is after them.
fn cut(page: &str) -> (&str, &str, &str) {
    let Some(start) = page.find(HEADING).map(|at| at + HEADING.len() - 1) else {
        return (page, "", "");
    };
    let (before, rest) = page.split_at(start);
    let (mistakes, after) = rest.split_at(rest.find("\n## ").unwrap_or(rest.len()));
    (before, mistakes, after)
}

/// The known answers of a chapter.
struct Answers {
    chapter: String,
    reference: Answer,
    /// Others as good.
    also: Vec<Answer>,
    wrong: Vec<Answer>,
}

/// A known answer: its file, from the root of the workbook, and what is in it.
struct Answer {
    file: String,
    text: String,
}

/// Wrong code of more lines than this is too long to read at a glance.
const MANY: usize = 24;

impl Answers {
    fn of(root: &Path, slug: &str) -> Result<Self, String> {
        let reference = overlay::root_of(&root.join("solutions"), slug);
        // Where answers have several files, the others are no whole ones.
        let is_folder = reference.ends_with("main.rs");
        Ok(Self {
            chapter: slug.to_owned(),
            reference: Answer {
                text: overlay::read_answer(&reference).map_err(|error| error.to_string())?,
                file: reference.display().to_string(),
            },
            also: match is_folder {
                true => Vec::new(),
                false => Answer::all(root, &format!("solutions/also/{slug}"))?,
            },
            wrong: Answer::all(root, &format!("solutions/wrong/{slug}"))?,
        })
    }

    /// The right ones, the reference first.
    fn right(&self) -> Result<Vec<Reference<'_>>, String> {
        let answers = [&self.reference].into_iter().chain(&self.also);
        answers.map(Answer::right).collect()
    }

    /// A wrong answer with this misconception beside a right one, if there is such an answer: the one with the fewest
    /// lines beside the reference, or if these are many, whichever two differ least.
    fn sides(
        &self,
        misconception: &str,
        right: &[Reference<'_>],
    ) -> Result<Option<(&Answer, Sides)>, String> {
        let folder = format!("solutions/wrong/{}/", self.chapter);
        let mut wrong: Vec<&Answer> = self.wrong.iter().collect();
        wrong.retain(|answer| {
            let name = answer.file.strip_prefix(&folder).unwrap_or_default();
            name.split('.').next() == Some(misconception)
        });
        // Of the same length, the one comes first that has no other word in its name.
        wrong.sort_by_key(|answer| (answer.lines(), answer.file.len()));
        let (Some(shortest), Some(reference)) = (wrong.first(), right.first()) else {
            return Ok(None);
        };
        let mut best = (*shortest, shortest.beside(reference)?);
        if best.1.wrong.lines().count() > MANY {
            for answer in wrong {
                for right in right {
                    let sides = answer.beside(right)?;
                    // What is new altogether would have nothing beside it.
                    if sides.right.is_some() && length(&sides) < length(&best.1) {
                        best = (answer, sides);
                    }
                }
            }
        }
        Ok(Some(best))
    }
}

impl Answer {
    fn read(root: &Path, file: String) -> Result<Self, String> {
        let text = fs::read_to_string(root.join(&file));
        let text = text.map_err(|error| format!("cannot read {file}: {error}"))?;
        Ok(Self { file, text })
    }

    /// The answers in a folder, in the order of their names; none if it is not there.
    fn all(root: &Path, folder: &str) -> Result<Vec<Self>, String> {
        let unreadable = |error| format!("cannot read {folder}: {error}");
        let entries = match fs::read_dir(root.join(folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(unreadable)?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let name = entry.map_err(unreadable)?.file_name();
            files.push(format!("{folder}/{}", name.to_string_lossy()));
        }
        files.sort_unstable();
        files
            .into_iter()
            .map(|file| Self::read(root, file))
            .collect()
    }

    /// What it has, if it is a right one.
    fn right(&self) -> Result<Reference<'_>, String> {
        let named = |mistake| format!("{}: {mistake}", self.file);
        Reference::parse(&self.text).map_err(named)
    }

    fn lines(&self) -> usize {
        let is_code = |line: &&str| !line.is_empty() && !line.starts_with("//!");
        self.text.lines().filter(is_code).count()
    }

    /// This wrong answer beside a right one.
    fn beside(&self, right: &Reference<'_>) -> Result<Sides, String> {
        let sides = right.sides(&self.text);
        sides.map_err(|mistake| format!("{}: {mistake}", self.file))
    }

    /// What the lines at its top say is wrong.
    fn says(&self) -> String {
        let lines = self.text.lines().map_while(|line| line.strip_prefix("//!"));
        let lines: Vec<&str> = lines.map(str::trim).collect();
        lines.join(" ")
    }
}

/// Wrong code, what it says of itself, and right code in its place.
fn code(answer: &Answer, sides: &Sides) -> String {
    let Sides {
        wrong,
        right,
        functions,
    } = sides;
    let says = answer.says();
    let right = right.as_ref().map_or_else(String::new, |right| {
        let names: Vec<String> = functions
            .iter()
            .map(|name| format!("<code>{}</code>", escape(name)))
            .collect();
        let of = match names.as_slice() {
            [] => String::new(),
            names => format!(" for {}", names.join(", ")),
        };
        format!(
            "<details class=\"right\">\n<summary><b>Right</b>: one way{of}. It solves the exercise.</summary>\n\
             <pre data-text=\"{}\"></pre>\n</details>\n",
            lines(right)
        )
    });
    format!(
        "<div class=\"sides\">\n<div class=\"wrong\">\n\n**Wrong**: {says}\n\n```rust\n{wrong}\n```\n\n</div>\n{right}</div>\n"
    )
}

fn length(sides: &Sides) -> usize {
    let right = sides.right.as_deref().unwrap_or_default();
    sides.wrong.lines().count() + right.lines().count()
}

/// Up to the first full stop that ends a sentence, and does not stand in code.
fn first_sentence(text: &str) -> Option<&str> {
    let mut in_code = false;
    for (at, c) in text.char_indices() {
        in_code ^= c == '`';
        let after = text[at + c.len_utf8()..].chars().next();
        if c == '.' && !in_code && after.is_none_or(char::is_whitespace) {
            return Some(&text[..=at]);
        }
    }
    None
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use workbook::course::Course;

    use super::*;
    use crate::tests::fixture::workbook;

    #[test]
    fn a_mistake_is_folded_below_its_symptom_with_both_codes() {
        let page = "# G\n\n## What goes wrong\n\nEach.\n\n### Awaits in a loop\n\nSymptom: ten `a. b`\ncalls. Why.\n\nMore.\n\n## Next\n";
        let folded = folded(workbook(), "03_gather", page).expect("all is there");
        for part in [
            "## What goes wrong\n\nEach.\n\n<details class=\"mistake\">",
            "<h3 id=\"awaits-in-a-loop\">Awaits in a loop</h3>\n\nTen `a. b` calls.\n\n</summary>\n\nWhy.\n\nMore.\n",
            "**Wrong**: An `.await` inside the loop stops it",
            "pages.push(upstream.fetch(path).await);",
            "one way for <code>fetch_all</code>. It solves the exercise.",
            "join_all(paths.iter().map(|path| upstream.fetch(path))).await",
            "</details>\n\n\n## Next\n",
        ] {
            assert!(folded.contains(part), "no {part} in\n{folded}");
        }
        // Neither the imports nor what needs no change.
        assert!(!folded.contains("use ") && !folded.contains("struct Dashboard"));
    }

    #[test]
    fn a_page_without_mistakes_stays_as_it_is() {
        let page = "# Page\n\n## Else\n\n### More\n";
        assert_eq!(folded(workbook(), "none", page).as_deref(), Ok(page));
    }

    #[test]
    fn every_mistake_that_an_answer_can_have_is_shown_in_code() {
        let course = Course::open(workbook()).expect("the course is here");
        let mut without = Vec::new();
        for chapter in course.chapters() {
            let page = fs::read_to_string(workbook().join(chapter.page())).expect("it has a page");
            let answers = Answers::of(workbook(), &chapter.slug).expect("it has answers");
            let right = answers.right().expect("they are Rust");
            for section in Section::all(&page).expect("each has its symptom") {
                let sides = answers.sides(&section.misconception(), &right);
                match sides.expect("they are overlays") {
                    Some((wrong, sides)) => {
                        let lines = sides.wrong.lines().count();
                        assert!(lines > 0 && lines < 60, "{}: {lines} lines", wrong.file);
                    }
                    None => without.push((chapter.number().to_owned(), section.heading.to_owned())),
                }
            }
        }
        // Nothing that compiles has these: their code is on the page, or where the page sends its reader.
        let known = [
            ("09", "Guard held across await"),
            ("17", "Future never awaited"),
            ("17", "Await outside async code"),
            ("17", "Guard held across await"),
        ];
        let known = known.map(|(chapter, heading)| (chapter.to_owned(), heading.to_owned()));
        assert_eq!(without, known);
    }

    #[test]
    fn a_full_stop_in_code_ends_no_sentence() {
        assert_eq!(
            first_sentence("`a. b` at 4.7 s. More."),
            Some("`a. b` at 4.7 s.")
        );
        assert_eq!(first_sentence("Never ends"), None);
    }
}
