//! What hidden tests say and build over and over.

use std::time::Duration;

/// So many milliseconds.
#[must_use]
pub const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A number with its noun: `1 call`, `3 calls`, `3 queries`, `3 keys`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if count == 1 => format!("{count} {noun}"),
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{count} {stem}ies"),
        _ => format!("{count} {noun}s"),
    }
}

/// Names in a row, without those that would be too many to read: `users, posts`, `page/0, page/1, … and 9 more`.
#[must_use]
pub fn listed<N: AsRef<str>>(names: &[N]) -> String {
    const ALL: usize = 8;
    const FIRST: usize = 6;
    let named = |names: &[N]| {
        let names = names.iter().map(|name| match name.as_ref() {
            "" => "an empty one",
            name => name,
        });
        names.collect::<Vec<_>>().join(", ")
    };
    match names.len() {
        0 => "nothing".into(),
        1..=ALL => named(names),
        many => format!("{} and {} more", named(&names[..FIRST]), many - FIRST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_cut_short() {
        assert_eq!(listed::<&str>(&[]), "nothing");
        assert_eq!(listed(&["users", ""]), "users, an empty one");
        let many: Vec<String> = (0..9).map(|page| page.to_string()).collect();
        assert_eq!(listed(&many), "0, 1, 2, 3, 4, 5 and 3 more");
    }

    #[test]
    fn one_is_no_plural() {
        assert_eq!(counted(1, "query"), "1 query");
        assert_eq!(counted(0, "query"), "0 queries");
        assert_eq!(counted(2, "different key"), "2 different keys");
        assert_eq!(
            [counted(1, "call"), counted(0, "call")],
            ["1 call", "0 calls"]
        );
    }
}
