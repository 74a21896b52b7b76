//! What leads nowhere is refused, with the place and the reason.

use super::fixture::Fixture;

#[track_caller]
fn refused(fixture: &Fixture, reason: &str) {
    let error = fixture.render().expect_err(reason);
    let text = format!("{error:#}");
    assert!(text.contains(reason), "not `{reason}`, but:\n{text}");
}

#[test]
fn a_directive_that_leads_nowhere() {
    for (directive, reason) in [
        ("{{#include none.rs}}", "cannot read none.rs: "),
        ("{{#include code.rs:none}}", "code.rs has no anchor `none`"),
        (
            "{{#include code.rs:half}}",
            "code.rs has no end of anchor `half`",
        ),
        (
            "{{#include code.rs:2:9}}",
            "code.rs has no lines 2 to 9: it has 2",
        ),
        (
            "{{#timeline 99_none 1}}",
            "cannot read tests/snapshots/timelines__99_none.snap",
        ),
        ("{{#timeline one}}", "it needs a lesson and a number"),
        ("{{#svg none.svg}}", "none.svg: "),
        ("{{#svg code.rs}}", "code.rs: it has no `svg`"),
        ("{{#svg broken.svg}}", "broken.svg: "),
        ("{{#svg untitled.svg}}", "untitled.svg: it has no `title`"),
        ("{{#quiz 99_none}}", "cannot read "),
        (
            "{{#explore none}}",
            "there is no explorable timeline `none`",
        ),
        (
            "{{#misconceptions}}",
            "cannot read book/misconceptions.toml",
        ),
        ("{{#chapters}}", "cannot read exercises/hidden"),
        (
            "{{#playground code.rs}}",
            "there is no directive `playground`",
        ),
        ("{{#include code.rs", "it has no `}}` on its line"),
    ] {
        let fixture = Fixture::new(&format!("# Page\n\n{directive}\n"));
        fixture
            .write("book/src/code.rs", "// ANCHOR: half\nfn a() {}\n")
            .write("book/src/broken.svg", "<svg><title>x</title></g></svg>")
            .write("book/src/untitled.svg", "<svg/>");
        refused(
            &fixture,
            &format!("book/src/page.md:3: {directive}: {reason}"),
        );
    }
}

#[test]
fn every_page_that_is_wrong_is_named() {
    let fixture = Fixture::new("{{#a}}");
    fixture
        .write(
            "book/src/SUMMARY.md",
            "- [Page](page.md)\n- [Other](other.md)\n",
        )
        .write("book/src/other.md", "{{#b}}");
    refused(&fixture, "page.md:1: {{#a}}");
    refused(&fixture, "other.md:1: {{#b}}");
}

#[test]
fn a_section_without_a_symptom() {
    let fixture = Fixture::new("# G\n\n## What goes wrong\n\n### Too few\n\nNo.\n");
    refused(
        &fixture,
        "book/src/page.md: the section `Too few` does not begin with `Symptom: `",
    );
}

#[test]
fn a_page_that_is_announced_and_missing() {
    let fixture = Fixture::new("# Page\n");
    fixture.write(
        "book/src/SUMMARY.md",
        "- [Page](page.md)\n- [None](none.md)\n",
    );
    refused(&fixture, "none.md");
}

#[test]
fn a_link_that_leads_nowhere() {
    for (link, reason) in [
        ("[x](none.md)", "href=\"none.html\": there is no none.html"),
        ("[x](#none)", "href=\"#none\": page.html has no `#none`"),
        ("[x](page.md#none)", "page.html has no `#none`"),
        ("[x](../x.md)", "href=\"../x.html\": it leaves the book"),
        ("[x](/page.html)", "href=\"/page.html\": it leaves the book"),
        ("![x](none.png)", "src=\"none.png\": there is no none.png"),
    ] {
        let fixture = Fixture::new(&format!("# Page\n\n{link}\n"));
        refused(&fixture, "page.html: line ");
        refused(&fixture, reason);
    }
}

#[test]
fn anything_that_would_be_loaded_from_another_host() {
    for html in [
        "![x](https://example.org/x.png)",
        "<script src=\"//example.org/x.js\"></script>",
        "<link rel=\"stylesheet\" href=\"http://example.org/x.css\">",
        "<iframe src=\"https://example.org\"></iframe>",
        "<a href=\"javascript:x()\">x</a>",
    ] {
        refused(&Fixture::new(html), "it would load from elsewhere");
    }
    let style = Fixture::new("# Page\n");
    style.write(
        "book/theme/chart.css",
        "@import url(https://example.org/x.css);",
    );
    refused(&style, "loads from elsewhere");
}

#[test]
fn an_id_that_two_parts_have() {
    let fixture = Fixture::new("<i id=\"a\">x</i>\n\n<b id=\"a\">y</b>\n");
    refused(&fixture, "page.html: two parts have the id `a`");
}

#[test]
fn html_that_mdbook_only_warns_of() {
    refused(
        &Fixture::new("<div>\n\ntext\n"),
        "unclosed HTML tag `<div>`",
    );
    refused(
        &Fixture::new("text</span>\n"),
        "unexpected HTML end tag `</span>`",
    );
}
