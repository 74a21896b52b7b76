//! The questions of a chapter as forms of a page: `{{#quiz 03_gather}}`.
//!
//! `theme/quiz.js` makes them answerable, and `theme/judge.js` judges as the terminal does. Without script, each
//! answer can be unfolded.

#[cfg(test)]
mod agreement;
mod key;

use std::fmt::{self, Write as _};

use ::quiz::{Kind, Question};
use quick_xml::escape::escape;

use self::key::Key;

/// The questions, as HTML without blank lines.
pub(crate) fn html(questions: &[Question]) -> String {
    let mut html =
        String::from("<div class=\"quiz\">\n<p>Your first answer to each question counts.</p>\n");
    for (number, question) in (1..).zip(questions) {
        form(&mut html, number, question).expect("a String takes every write");
    }
    html += "<div class=\"score\" hidden>\n<p></p>\n\
        <button type=\"button\">Forget the answers of this chapter</button>\n\
        <button type=\"button\">Forget all answers</button>\n</div>\n</div>\n";
    html
}

// The form has the answer alone: the button with which mdBook lets a program be copied would submit a form around it.
// `method="dialog"` keeps the browser from leaving the page when there is no script to handle the form.
fn form(html: &mut String, number: usize, question: &Question) -> fmt::Result {
    let prompt = match &question.kind {
        Kind::MultipleChoice { prompt, .. } => with_code(&prompt.prompt),
        Kind::ShortAnswer { prompt, .. } => with_code(&prompt.prompt),
        Kind::Tracing { .. } => "What does this program print?".into(),
    };
    writeln!(
        html,
        "<fieldset class=\"question\">\n<legend>{number}. {prompt}</legend>"
    )?;
    if let Kind::Tracing { prompt, .. } = &question.kind {
        let program = lines(&prompt.program);
        writeln!(
            html,
            "<pre><code class=\"language-rust\">{program}</code></pre>"
        )?;
    }
    writeln!(
        html,
        "<form id=\"{}\" method=\"dialog\" autocomplete=\"off\" data-key=\"{}\">",
        escape(&question.id),
        Key::of(question).hidden()
    )?;
    match &question.kind {
        Kind::MultipleChoice { .. } => {
            for (index, choice) in question.choices().iter().enumerate() {
                let why = question
                    .why_wrong(choice)
                    .map_or_else(String::new, |why| format!(" data-why=\"{}\"", escape(why)));
                writeln!(
                    html,
                    "<label><input type=\"radio\" name=\"answer\" value=\"{index}\"{why}> <span>{}</span></label>",
                    with_code(choice)
                )?;
            }
        }
        Kind::ShortAnswer { .. } => writeln!(
            html,
            "<label>Your answer: <input type=\"text\" class=\"field\" name=\"answer\" autocapitalize=\"off\" spellcheck=\"false\">\
             </label>"
        )?,
        Kind::Tracing { .. } => writeln!(
            html,
            "<label>Its output, or <code>error</code> if it does not compile: <textarea class=\"field\" name=\"answer\" rows=\"2\" \
             autocapitalize=\"off\" spellcheck=\"false\"></textarea></label>"
        )?,
    }
    writeln!(
        html,
        "<p><button hidden>Check</button> <span role=\"status\"></span></p>\n{}\n</form>\n</fieldset>",
        answer(question)
    )
}

/// The right answer and why, folded away.
///
/// mdBook's search reads the text of elements, also where it is folded, and no attributes. So that nobody finds an
/// answer by searching, it stands in attributes. The style shows them; the script, where there is one, makes them text.
fn answer(question: &Question) -> String {
    let right = lines(&question.right_answer());
    let right = match &question.kind {
        Kind::Tracing { answer, .. } if answer.does_compile => {
            format!("<pre data-text=\"{right}\"></pre>")
        }
        _ => format!("<p><strong data-text=\"{right}\"></strong></p>"),
    };
    let why = lines(&question.context);
    format!(
        "<details>\n<summary>Answer</summary>\n{right}\n<p data-text=\"{why}\"></p>\n</details>"
    )
}

/// Text with `code` between backticks, as HTML.
pub(crate) fn with_code(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        let part = escape(part);
        html += &if index % 2 == 1 {
            format!("<code>{part}</code>")
        } else {
            part.into_owned()
        };
    }
    html
}

/// Lines of text, as HTML. A blank line would end the block of HTML that it stands in, and so it is escaped.
pub(crate) fn lines(text: &str) -> String {
    escape(text.trim()).replace("\n\n", "\n&#10;")
}

#[cfg(test)]
mod tests {
    use ::quiz::{Ask, Quiz, Words};

    use super::*;
    use crate::tests::fixture::workbook;

    /// Every question of the course.
    pub(super) fn questions() -> Vec<Question> {
        let mut files: Vec<_> = std::fs::read_dir(workbook().join("quiz"))
            .expect("it is there")
            .map(|entry| entry.expect("it can be read").path())
            .filter(|path| path.file_name().is_some_and(|name| name != "Cargo.toml"))
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "toml")
            })
            .collect();
        files.sort();
        let read = |file: &std::path::PathBuf| Quiz::read(file).expect("it is a quiz").questions;
        files.iter().flat_map(read).collect()
    }

    #[test]
    fn questions_are_one_block_of_html_and_the_same_every_time() {
        let questions = questions();
        let page = html(&questions);
        assert_eq!(page.matches("<form").count(), questions.len());
        assert_eq!(page, html(&questions));
        let rule = page.find("<p>Your first answer to each question counts.</p>");
        assert!(rule.is_some() && rule < page.find("<form"), "said too late");
        for line in page.lines() {
            assert!(!line.trim().is_empty(), "a blank line would end the block");
        }
    }

    #[test]
    fn text_is_escaped_and_code_is_code() {
        assert_eq!(
            with_code("a `Vec<&str>` & \"more\""),
            "a <code>Vec&lt;&amp;str&gt;</code> &amp; &quot;more&quot;"
        );
        assert_eq!(lines("a\n\n\n<b>\n"), "a\n&#10;\n&lt;b&gt;");
    }

    #[test]
    fn every_wrong_choice_says_what_is_wrong_with_it_and_the_right_one_nothing() {
        for question in questions() {
            let page = html(std::slice::from_ref(&question));
            let wrong = question.choices().len().saturating_sub(1);
            assert_eq!(page.matches(" data-why=").count(), wrong, "{}", question.id);
        }
    }

    #[test]
    fn backticks_come_in_pairs() {
        for question in questions() {
            let mut texts = question.choices();
            texts.push(&question.context);
            texts.extend(
                question
                    .choices()
                    .iter()
                    .filter_map(|choice| question.why_wrong(choice)),
            );
            match &question.kind {
                Kind::MultipleChoice { prompt, .. } => texts.push(&prompt.prompt),
                Kind::ShortAnswer { prompt, .. } => texts.push(&prompt.prompt),
                Kind::Tracing { .. } => {}
            }
            for text in texts {
                assert_eq!(text.matches('`').count() % 2, 0, "{}: {text}", question.id);
            }
        }
    }

    #[test]
    fn a_short_answer_is_not_to_be_read_before_it_is_unfolded() {
        let question = Question {
            id: "03-type".into(),
            kind: Kind::ShortAnswer {
                prompt: Ask {
                    prompt: "Which type?".into(),
                },
                answer: Words {
                    answer: "`JoinError`".into(),
                    alternatives: vec!["a JoinError".into()],
                },
            },
            context: "It holds the panic.".into(),
        };
        let page = html(&[question]);
        let (asked, folded) = page.split_once("<details>").expect("it has an answer");
        assert!(
            asked.contains("Which type?") && !asked.contains("JoinError"),
            "{asked}"
        );
        assert!(
            folded.contains("data-text=\"`JoinError`\"") && folded.contains("It holds"),
            "{folded}"
        );
    }
}
