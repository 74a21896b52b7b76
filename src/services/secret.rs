//! A secret, such as a bearer token, and how it's compared with a guess.
//!
//! A comparison that stops at the first byte that differs takes longer the more of the guess is right, so somebody who
//! can measure that finds the secret byte by byte. A test can't measure it reliably. So a [`Secret`] counts the bytes
//! that were looked at.
//!
//! ```
//! use async_workbook::services::secret::Secret;
//!
//! let secret = Secret::new("s3cret");
//! assert!(!secret.matches("s3creT") && secret.matches("s3cret"));
//! assert_eq!(secret.looked_at(), 12, "every byte, each time");
//! ```

use std::{
    fmt,
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// A text that is neither shown nor compared as other texts are. Clones share one count.
#[derive(Clone)]
pub struct Secret {
    text: String,
    looked_at: Arc<AtomicUsize>,
}

impl Secret {
    /// Keeps this text secret.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            looked_at: Arc::default(),
        }
    }

    /// Whether the guess is right. It looks at every byte, so the time that it takes depends only on the lengths.
    #[must_use]
    pub fn matches(&self, guess: &str) -> bool {
        self.count(self.text.len());
        let pairs = self.text.bytes().zip(guess.bytes());
        // Without `black_box`, the compiler might stop at the first difference.
        let different = pairs.fold(0, |different, (a, b)| black_box(different | (a ^ b)));
        different == 0 && self.text.len() == guess.len()
    }

    /// How many bytes all comparisons together have looked at.
    #[must_use]
    pub fn looked_at(&self) -> usize {
        // A count is all that is read: it orders no other memory.
        self.looked_at.load(Ordering::Relaxed)
    }

    fn count(&self, bytes: usize) {
        self.looked_at.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// Compares as texts are compared: from the left, up to the first byte that differs.
impl PartialEq<str> for Secret {
    fn eq(&self, guess: &str) -> bool {
        if self.text.len() != guess.len() {
            return false;
        }
        let pairs = self.text.bytes().zip(guess.bytes());
        let same = pairs.take_while(|(a, b)| a == b).count();
        self.count(self.text.len().min(same + 1));
        same == self.text.len()
    }
}

/// As with `str`.
impl PartialEq<&str> for Secret {
    fn eq(&self, guess: &&str) -> bool {
        *self == **guess
    }
}

/// As with `str`.
impl PartialEq<String> for Secret {
    fn eq(&self, guess: &String) -> bool {
        *self == **guess
    }
}

/// Without the text.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_comparison_stops_at_the_first_difference() {
        let secret = Secret::new("s3cret");
        for (guess, right, looked_at) in [
            ("X3cret", false, 1),
            ("s3creX", false, 6),
            ("s3cret", true, 6),
            ("s3", false, 0),
        ] {
            let before = secret.looked_at();
            assert_eq!(secret == guess, right);
            assert_eq!(secret.looked_at() - before, looked_at, "{guess}");
        }
    }

    #[test]
    fn a_match_looks_at_every_byte() {
        let secret = Secret::new("s3cret");
        for (guess, right) in [
            ("X3cret", false),
            ("s3creX", false),
            ("s3", false),
            ("", false),
            ("s3cret", true),
            ("s3cret!", false),
        ] {
            let before = secret.looked_at();
            assert_eq!(secret.matches(guess), right, "{guess}");
            assert_eq!(secret.looked_at() - before, 6);
        }
    }

    #[test]
    fn it_is_not_shown() {
        assert_eq!(format!("{:?}", Secret::new("s3cret")), "Secret(…)");
    }
}
