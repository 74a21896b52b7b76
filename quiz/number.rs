//! Numbers, in digits or in words: `0.5`, `1,000`, `twenty-five`, `one and a half`, `1/2`.

/// The number that all of these words say together.
pub(crate) fn number(words: &[&str]) -> Option<f64> {
    let words = without_whole(words);
    if let Some(at) = words.iter().rposition(|word| *word == "and")
        && let Some(part) = fraction(&words[at + 1..])
    {
        return Some(cardinal(&words[..at])? + part);
    }
    if let [whole @ .., last] = words
        && !whole.is_empty()
        && let Some(part) = slashed(last)
    {
        return Some(cardinal(whole)? + part);
    }
    fraction(words).or_else(|| cardinal(words))
}

/// `half of a`, without what it is a part of.
fn without_whole<'w, 't>(words: &'w [&'t str]) -> &'w [&'t str] {
    let part = match words {
        [part @ .., "of", "a" | "an" | "one"] | [part @ .., "a" | "an" | "of"] => part,
        _ => return words,
    };
    if fraction(part).is_some() {
        part
    } else {
        words
    }
}

/// Less than one, in words or as `1/2`.
pub(crate) fn fraction(words: &[&str]) -> Option<f64> {
    let (last, count) = words.split_last()?;
    if count.is_empty()
        && let Some(value) = slashed(last)
    {
        return Some(value);
    }
    let parts = match last.strip_suffix('s').unwrap_or(last) {
        "half" | "halve" => 2.0,
        "quarter" => 4.0,
        "fifth" => 5.0,
        "tenth" => 10.0,
        "hundredth" => 100.0,
        "thousandth" => 1000.0,
        _ => return None,
    };
    let count = match count {
        [] | ["a" | "an"] => 1.0,
        count => cardinal(count)?,
    };
    Some(count / parts)
}

fn slashed(word: &str) -> Option<f64> {
    let (count, parts) = word.split_once('/')?;
    let value = digits(count)? / digits(parts)?;
    value.is_finite().then_some(value)
}

/// A number that is counted with: `25`, `twenty five`, `a hundred and one`, `two point five`.
fn cardinal(words: &[&str]) -> Option<f64> {
    if let Some(at) = words.iter().position(|word| *word == "point") {
        let whole = cardinal(&words[..at])?;
        let after = words[at + 1..].iter().map(|word| {
            let digit = small(word).filter(|digit| *digit < 10.0)?;
            Some(digit.to_string())
        });
        let after: String = after.collect::<Option<_>>()?;
        return (!after.is_empty()).then(|| format!("{whole}.{after}").parse().ok())?;
    }
    let (mut thousands, mut part) = (0.0, None);
    // What comes next is smaller than this.
    let mut room = f64::INFINITY;
    for (index, &word) in words.iter().enumerate() {
        let next = words.get(index + 1).copied();
        if let Some(value) = digits(word) {
            if index > 0 {
                return None;
            }
            (part, room) = (Some(value), 0.0);
        } else if let Some(value) = small(word) {
            if value >= room || (value == 0.0 && index > 0) {
                return None;
            }
            room = if value < 20.0 { 0.0 } else { 10.0 };
            part = Some(part.unwrap_or(0.0) + value);
        } else {
            match (word, next) {
                ("a" | "an", Some("hundred" | "thousand")) if index == 0 => {
                    (part, room) = (Some(1.0), 0.0);
                }
                ("and", Some(_)) if matches!(words[..index], [.., "hundred" | "thousand"]) => {}
                ("hundred", _) if part.is_none_or(|part| part < 100.0) => {
                    (part, room) = (Some(part.unwrap_or(1.0) * 100.0), 100.0);
                }
                ("thousand", _) if thousands == 0.0 => {
                    thousands = part.unwrap_or(1.0) * 1000.0;
                    (part, room) = (None, 1000.0);
                }
                _ => return None,
            }
        }
    }
    (!words.is_empty()).then(|| thousands + part.unwrap_or(0.0))
}

/// Below a hundred, in a word.
fn small(word: &str) -> Option<f64> {
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
    const TENS: [&str; 8] = [
        "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ];
    let place = |words: &[&str]| words.iter().position(|known| *known == word);
    #[expect(clippy::cast_precision_loss, reason = "they are below a hundred")]
    let value = |value: usize| value as f64;
    place(&ONES)
        .map(value)
        .or_else(|| place(&TENS).map(|ten| value(10 * ten + 20)))
}

/// `0.5`, `.5`, `1_000`; `1,000` is a thousand, and `0,5` a half.
fn digits(word: &str) -> Option<f64> {
    let plain = word.replace('_', "");
    let plain = match plain.split_once(',') {
        None => plain,
        Some((first, rest)) if is_grouped(first, rest) => plain.replace(',', ""),
        Some((whole, part)) if !part.contains([',', '.']) => format!("{whole}.{part}"),
        Some(_) => return None,
    };
    let is_number = plain.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && plain.contains(|c: char| c.is_ascii_digit())
        && plain.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_number.then(|| plain.parse().ok())?
}

/// Whether commas divide thousands, as in `1,000` or `12,345.6`.
fn is_grouped(first: &str, rest: &str) -> bool {
    let whole = rest.split('.').next().unwrap_or(rest);
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && whole.split(',').all(|group| group.len() == 3)
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
            ("12,345.5", 12_345.5),
            ("1_000", 1000.0),
            ("zero", 0.0),
            ("three", 3.0),
            ("twenty five", 25.0),
            ("a hundred", 100.0),
            ("hundred", 100.0),
            ("two hundred and five", 205.0),
            ("one thousand two hundred", 1200.0),
            ("2 thousand", 2000.0),
            ("two point five", 2.5),
            ("zero point zero five", 0.05),
            ("half", 0.5),
            ("a half", 0.5),
            ("half a", 0.5),
            ("half of a", 0.5),
            ("three quarters of a", 0.75),
            ("a tenth of a", 0.1),
            ("one and a half", 1.5),
            ("2 and a half", 2.5),
            ("1/2", 0.5),
            ("1 1/2", 1.5),
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
            "1 2",
            "1 and 2",
            "one and two",
            "1.2.3",
            "1,2,3",
            "1/0",
            "/",
            "point five",
            "two point",
            "a one",
            "hundred hundred",
            "thousand thousand",
            "second",
            "and a half",
            "five hundredth hundred",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
