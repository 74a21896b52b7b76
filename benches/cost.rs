//! How much is to be compiled before anything is measured.

use std::collections::BTreeSet;

/// How many seconds a core takes for a crate with optimisations: the mean over all that the benches need.
const SECONDS_PER_CRATE: usize = 3;

/// So few crates are compiled before anybody wonders.
const FEW: usize = 5;

/// What is said of the crates that are needed and not compiled yet; nothing, if they are few.
#[must_use]
pub fn words(
    needed: &BTreeSet<String>,
    compiled: &BTreeSet<String>,
    is_optimised: bool,
    cores: usize,
) -> Option<String> {
    let missing = needed.difference(compiled).count();
    if missing <= FEW {
        return None;
    }
    let minutes = (missing * SECONDS_PER_CRATE).div_ceil(60 * cores.max(1));
    Some(match (is_optimised, minutes) {
        (false, _) => format!("The first time, cargo compiles {missing} crates for it."),
        (true, ..=1) => format!(
            "The first time, cargo compiles {missing} crates for it with optimisations: about a minute."
        ),
        (true, minutes) => format!(
            "The first time, cargo compiles {missing} crates for it with optimisations: about {minutes} minutes."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crates(count: usize) -> BTreeSet<String> {
        (0..count).map(|number| format!("crate-{number}")).collect()
    }

    #[test]
    fn it_is_told_what_is_missing_and_about_how_long_that_takes() {
        let said = |needed, compiled, cores| words(&crates(needed), &crates(compiled), true, cores);
        assert_eq!(
            said(100, 0, 2).as_deref(),
            Some(
                "The first time, cargo compiles 100 crates for it with optimisations: about 3 minutes."
            )
        );
        assert_eq!(
            said(140, 100, 8).as_deref(),
            Some(
                "The first time, cargo compiles 40 crates for it with optimisations: about a minute."
            )
        );
        assert_eq!(said(100, 95, 2), None, "few");
        assert_eq!(
            words(&crates(100), &crates(0), false, 2).as_deref(),
            Some("The first time, cargo compiles 100 crates for it.")
        );
    }
}
