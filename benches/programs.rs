//! Which benches are asked for.

use std::{error::Error, fs, path::Path};

/// What measures something: a bench of a package.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Program {
    /// `bench-gather`
    pub package: String,
    /// `03_gather`
    pub target: String,
}

/// What the command line asks for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Asked {
    /// Numbers or names of chapters; none stands for all.
    pub chapters: Vec<String>,
    /// What criterion is told.
    pub options: Vec<String>,
}

impl Asked {
    /// Chapters come first, and from the first option on, all is criterion's.
    #[must_use]
    pub fn of(arguments: impl IntoIterator<Item = String>) -> Self {
        let mut asked = Self::default();
        for argument in arguments {
            match argument.as_str() {
                // Cargo says it to every bench.
                "--bench" => {}
                _ if asked.options.is_empty() && !argument.starts_with('-') => {
                    asked.chapters.push(argument);
                }
                _ => asked.options.push(argument),
            }
        }
        if let [one] = &asked.chapters[..]
            && one.contains('/')
        {
            // `03_gather/10 calls` chooses among the scenarios of a chapter, as criterion does.
            asked.options.insert(0, one.clone());
        }
        asked
    }

    /// Whether it asks for figures: `--test` runs every bench once and measures nothing; `--list` runs none.
    #[must_use]
    pub fn measures(&self) -> bool {
        let mut options = self.options.iter();
        !options.any(|option| option == "--test" || option == "--list")
    }

    /// The benches of the chapters. Each has a folder in this one, which is named for it. Without a chapter it is all of
    /// them, and how cost grows.
    ///
    /// # Errors
    ///
    /// A chapter has another name, or the folder cannot be read.
    pub fn programs(&self, folder: &Path) -> Result<Vec<Program>, Box<dyn Error>> {
        let mut slugs = Vec::new();
        for entry in fs::read_dir(folder)? {
            slugs.push(entry?.file_name().to_string_lossy().into_owned());
        }
        slugs.sort();
        let matches = |slug: &str, word: &str| {
            let chapter = word.split('/').next().unwrap_or_default();
            slug.contains(chapter)
        };
        for word in &self.chapters {
            if !slugs.iter().any(|slug| matches(slug, word)) {
                let known = slugs.join(", ");
                return Err(format!("no chapter matches `{word}`; there are {known}").into());
            }
        }
        slugs.retain(|slug| {
            let mut words = self.chapters.iter();
            self.chapters.is_empty() || words.any(|word| matches(slug, word))
        });
        let mut programs: Vec<Program> = slugs.into_iter().map(Program::of_chapter).collect();
        if self.chapters.is_empty() {
            programs.push(Program {
                package: "suite".into(),
                target: "growth".into(),
            });
        }
        Ok(programs)
    }
}

impl Program {
    fn of_chapter(slug: String) -> Self {
        let name = slug.split_once('_').map_or(&*slug, |(_, name)| name);
        Self {
            package: format!("bench-{}", name.replace('_', "-")),
            target: slug,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(arguments: &[&str]) -> Asked {
        Asked::of(arguments.iter().map(|&argument| argument.to_owned()))
    }

    fn programs(arguments: &[&str]) -> Result<Vec<String>, String> {
        let chapters = Path::new(env!("CARGO_MANIFEST_DIR")).join("chapters");
        let programs = asked(arguments).programs(&chapters);
        let programs = programs.map_err(|error| error.to_string())?;
        Ok(programs
            .into_iter()
            .map(|program| format!("{} {}", program.package, program.target))
            .collect())
    }

    #[test]
    fn a_chapter_is_chosen_by_number_or_name() {
        let gather = Ok(vec!["bench-gather 03_gather".to_owned()]);
        for words in [
            &["--bench", "03"][..],
            &["gather", "--bench"],
            &["03_gather/10 calls"],
            &["03", "--sample-size", "20"],
        ] {
            assert_eq!(programs(words), gather, "{words:?}");
        }
        let two = programs(&["03", "background"]).expect("both are there");
        assert_eq!(
            two,
            [
                "bench-gather 03_gather",
                "bench-background-tasks 07_background_tasks"
            ]
        );
    }

    #[test]
    fn without_a_chapter_all_run_and_how_cost_grows_comes_last() {
        let all = programs(&["--bench", "--test"]).expect("they are there");
        assert!(all.len() > 8, "{all:?}");
        assert_eq!(all[0], "bench-sync-vs-async 01_sync_vs_async");
        assert_eq!(all.last().map(String::as_str), Some("suite growth"));
    }

    #[test]
    fn what_is_no_chapter_is_said_to_be_none() {
        let error = programs(&["3o"]).expect_err("there is none");
        assert!(
            error.starts_with("no chapter matches `3o`; there are 01_sync_vs_async, "),
            "{error}"
        );
    }

    #[test]
    fn what_is_left_is_criterions() {
        assert_eq!(asked(&["03", "--bench", "--quick"]).options, ["--quick"]);
        let filtered = asked(&["03_gather/10 calls", "--test"]);
        assert_eq!(filtered.options, ["03_gather/10 calls", "--test"]);
        assert!(!filtered.measures());
        assert!(asked(&["--bench"]).measures());
    }
}
