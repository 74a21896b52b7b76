//! Timelines that a reader changes: `{{#explore gather}}`.
//!
//! The page's script computes and draws them (`theme/model.js`, `theme/explore.js`). What it draws for the settings
//! that a page begins with stands in `explore/<name>.html`, for readers without script.

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod pictures;

use std::fmt::Write as _;

/// The explorer of this name, as HTML without blank lines; `None` if there is no such explorer.
pub(crate) fn html(name: &str) -> Option<String> {
    let explorer = EXPLORERS.iter().find(|explorer| explorer.name == name)?;
    Some(explorer.html())
}

struct Explorer {
    name: &'static str,
    about: &'static str,
    sliders: &'static [Slider],
    picture: &'static str,
}

struct Slider {
    name: &'static str,
    label: &'static str,
    min: u64,
    max: u64,
    step: u64,
    value: u64,
}

const LATENCY: Slider = Slider {
    name: "latency",
    label: "Latency in ms",
    min: 50,
    max: 500,
    step: 50,
    value: 300,
};

const SPREAD: Slider = Slider {
    name: "spread",
    label: "Spread in %",
    min: 0,
    max: 80,
    step: 20,
    value: 60,
};

const fn calls(value: u64) -> Slider {
    Slider {
        name: "calls",
        label: "Calls",
        min: 1,
        max: 12,
        step: 1,
        value,
    }
}

const EXPLORERS: [Explorer; 3] = [
    Explorer {
        name: "gather",
        about: "The same calls, awaited in turn, where the latencies add up, and together, where the slowest decides.",
        sliders: &[calls(5), LATENCY, SPREAD],
        picture: include_str!("explore/gather.html"),
    },
    Explorer {
        name: "timeouts",
        about: "All calls begin together. An attempt that takes longer than the timeout is dropped (╳). The next one is \
                made after a wait: 100 ms at first, then twice as long each time.",
        sliders: &[
            calls(5),
            LATENCY,
            SPREAD,
            Slider {
                name: "timeout",
                label: "Timeout in ms",
                min: 50,
                max: 1000,
                step: 50,
                value: 350,
            },
            Slider {
                name: "attempts",
                label: "Attempts",
                min: 1,
                max: 4,
                step: 1,
                value: 2,
            },
        ],
        picture: include_str!("explore/timeouts.html"),
    },
    Explorer {
        name: "semaphores",
        about: "All calls are made at once, and wait for a permit (the dotted line). Below, the same calls in chunks \
                of as many.",
        sliders: &[
            calls(8),
            LATENCY,
            SPREAD,
            Slider {
                name: "limit",
                label: "Limit",
                min: 1,
                max: 12,
                step: 1,
                value: 3,
            },
        ],
        picture: include_str!("explore/semaphores.html"),
    },
];

impl Explorer {
    fn html(&self) -> String {
        let mut html = format!(
            "<div class=\"explore\" data-explore=\"{}\">\n<p>{} At the right stands when each call ended.</p>\n<div hidden>\n<div class=\"sliders\">\n",
            self.name, self.about
        );
        for slider in self.sliders {
            writeln!(html, "{}", slider.html(self.name)).expect("a String takes every write");
        }
        html + "</div>\n</div>\n" + self.picture + "</div>\n"
    }
}

impl Slider {
    fn html(&self, explorer: &str) -> String {
        let Self {
            name,
            label,
            min,
            max,
            step,
            value,
        } = self;
        let id = format!("{explorer}-{name}");
        // A screen reader says the slider's own value: the output beside it is for the eyes. It stands outside of the
        // label, which would otherwise be its label.
        format!(
            "<div><label for=\"{id}\">{label}</label>: <output for=\"{id}\" aria-hidden=\"true\">{value}</output>\
             <input type=\"range\" id=\"{id}\" name=\"{name}\" min=\"{min}\" max=\"{max}\" step=\"{step}\" \
             value=\"{value}\" autocomplete=\"off\"></div>"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explorer_is_found_by_its_name_alone() {
        for explorer in &EXPLORERS {
            let html = html(explorer.name).expect("it is one of them");
            assert_eq!(
                html.matches("type=\"range\"").count(),
                explorer.sliders.len()
            );
            assert!(
                !html.contains("\n\n"),
                "a blank line would end the block: {html}"
            );
        }
        assert!(html("weather").is_none());
    }

    #[test]
    fn every_slider_begins_at_one_of_its_own_steps() {
        for slider in EXPLORERS.iter().flat_map(|explorer| explorer.sliders) {
            let mut steps =
                (slider.min..=slider.max).step_by(usize::try_from(slider.step).expect("small"));
            assert!(
                steps.any(|step| step == slider.value),
                "{} begins at {}",
                slider.name,
                slider.value
            );
        }
    }
}
