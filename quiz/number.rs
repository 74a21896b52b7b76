//! Numbers, in digits or in words: `0.5`, `1,000`, `twenty-five`, `one and a half`, `a tenth of a`.

/// The number that all of these words say together.
pub(crate) fn number(words: &[&str]) -> Option<f64> {
    let words = without_whole(words);
    if let Some(at) = words.iter().rposition(|word| *word == "and")
        && let Some(part) = fraction(&words[at + 1..])
    {
        return Some(cardinal(&words[..at])? + part);
    }
    fraction(words).or_else(|| cardinal(words))
}

/// `half of a`, without what it is a part of.
fn without_whole<'w, 't>(words: &'w [&'t str]) -> &'w [&'t str] {
    match words {
        [part @ .., "of", "a"] | [part @ .., "a"] if fraction(part).is_some() => part,
        _ => words,
    }
}

/// Less than one, in words.
pub(crate) fn fraction(words: &[&str]) -> Option<f64> {
    let (last, count) = words.split_last()?;
    let parts = match *last {
        "half" => 2.0,
        "quarter" | "quarters" => 4.0,
        "tenth" | "tenths" => 10.0,
        _ => return None,
    };
    let count = match count {
        [] | ["a" | "an"] => 1.0,
        count => cardinal(count)?,
    };
    Some(count / parts)
}

/// A number that is counted with: `25`, `twenty five`, `a hundred`, `two hundred`.
fn cardinal(words: &[&str]) -> Option<f64> {
    match words {
        [many @ .., "hundred"] => match many {
            [] | ["a"] => Some(100.0),
            many => Some(100.0 * below_hundred(many)?),
        },
        words => below_hundred(words),
    }
}

/// Digits, or a word or two.
fn below_hundred(words: &[&str]) -> Option<f64> {
    let place = |all: &[&str], word: &str| {
        let place = all.iter().position(|known| *known == word);
        place.filter(|_| word != "-")
    };
    #[expect(clippy::cast_precision_loss, reason = "they are below a hundred")]
    let value = |value: usize| Some(value as f64);
    match *words {
        [word] => digits(word)
            .or_else(|| value(place(&ONES, word)?))
            .or_else(|| value(10 * place(&TENS, word)?)),
        [tens, ones] => {
            let (tens, ones) = (place(&TENS, tens)?, place(&ONES[..10], ones)?);
            if ones == 0 {
                None
            } else {
                value(10 * tens + ones)
            }
        }
        _ => None,
    }
}

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
/// Each at the place of its first digit. The first two have no word that others follow.
const TENS: [&str; 10] = [
    "-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// `0.5`, `.5`, `1_000`; `1,000` is a thousand, and `0,5` a half.
fn digits(word: &str) -> Option<f64> {
    let plain = word.replace('_', "");
    let plain = match plain.split_once(',') {
        None => plain,
        Some((first, rest)) if is_thousands(first, rest) => first.to_owned() + rest,
        Some((whole, part)) => format!("{whole}.{part}"),
    };
    let is_number = plain.contains(|c: char| c.is_ascii_digit())
        && plain.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_number.then(|| plain.parse().ok())?
}

/// Whether a comma divides thousands, as in `1,000`.
fn is_thousands(first: &str, rest: &str) -> bool {
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && first
            .bytes()
            .chain(rest.bytes())
            .all(|c| c.is_ascii_digit())
        && rest.len() == 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<f64> {
        number(&text.split(' ').collect::<Vec<_>>())
    }

    #[test]
    fn numbers_are_read_in_digits_and_in_words() {
        for (text, value) in [
            ("0.5", 0.5),
            (".5", 0.5),
            ("5.", 5.0),
            ("0,5", 0.5),
            ("1,000", 1000.0),
            ("1_000", 1000.0),
            ("zero", 0.0),
            ("three", 3.0),
            ("twenty", 20.0),
            ("twenty five", 25.0),
            ("a hundred", 100.0),
            ("hundred", 100.0),
            ("two hundred", 200.0),
            ("half", 0.5),
            ("a half", 0.5),
            ("half a", 0.5),
            ("half of a", 0.5),
            ("three quarters of a", 0.75),
            ("a tenth of a", 0.1),
            ("one and a half", 1.5),
            ("2 and a half", 2.5),
        ] {
            assert_eq!(said(text), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            ".",
            "-",
            "a",
            "an",
            "and",
            "of",
            "one two",
            "three three",
            "twenty twelve",
            "five twenty",
            "zero one",
            "twenty zero",
            "1 2",
            "1 and 2",
            "one and two",
            "1.2.3",
            "1,2,3",
            "a one",
            "hundred a hundred",
            "hundred hundred",
            "hundred and",
            "second",
            "and a half",
            "1/2",
            "1,000,000",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
