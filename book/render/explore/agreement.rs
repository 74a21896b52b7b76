//! The explorers' model agrees with tokio.

use std::collections::BTreeMap;

use async_workbook::clock::Readable;
use serde::Deserialize;

use super::{
    EXPLORERS, Explorer,
    calls::{Ran, Row, Settings, ms, run},
};
use crate::node;

/// What the model makes of one setting.
#[derive(Deserialize)]
struct Modelled {
    // By call, and then by attempt.
    latencies: Vec<Vec<u64>>,
    // By the name of the plan.
    plans: BTreeMap<String, Vec<Row>>,
    result: String,
}

const MODEL: &str = r"([name, settings]) => ({
    latencies: [...Array(settings.calls).keys()].map((call) =>
        [...Array(settings.attempts ?? 1).keys()].map((attempt) => model.latency(settings, call, attempt))),
    ...model.simulate(name, settings),
})";

#[test]
fn every_time_is_that_of_tokio() {
    let settings: Vec<(&str, Settings)> = EXPLORERS
        .iter()
        .flat_map(|explorer| grid(explorer).into_iter().map(|s| (explorer.name, s)))
        .collect();
    let Some(modelled) = node::map::<_, Modelled>(&["model.js"], MODEL, &settings) else {
        return;
    };
    assert_eq!(settings.len(), modelled.len());
    for ((name, settings), modelled) in settings.iter().zip(modelled) {
        let setting = format!("{name} {settings:?}");
        check_spread(settings, &modelled.latencies);
        assert!(!modelled.plans.is_empty(), "{setting}");
        for (plan, rows) in &modelled.plans {
            let ran = run(plan, settings, &modelled.latencies);
            assert_eq!(rows, &ran.rows, "{setting}: {plan}");
            for words in said(plan, &ran) {
                let result = &modelled.result;
                assert!(
                    result.contains(&words),
                    "{setting}: {words} is not in: {result}"
                );
            }
        }
    }
    println!("{} settings agree", settings.len());
}

/// What the page says of such a run, in words.
fn said(plan: &str, ran: &Ran) -> Vec<String> {
    let mut said = vec![format!("{plan}: {}.", Readable(ran.total))];
    match plan {
        "All over" => {
            let dropped = ran.rows.iter().filter(|row| row.dropped).count();
            let answered = ran.rows.len() - dropped;
            said.push(format!(
                "Calls answered: {answered}. Attempts dropped: {dropped}."
            ));
        }
        "With a semaphore" => {
            let last = ran
                .rows
                .iter()
                .map(|row| row.begun)
                .max()
                .expect("there is a call");
            let last = Readable(ms(last));
            said.push(format!(
                "In flight: at most {}. Last permit: {last}.",
                ran.high_water
            ));
        }
        _ => {}
    }
    said
}

/// Every combination of the sliders' positions, but for those of which there are many: of these, one in a few.
fn grid(explorer: &Explorer) -> Vec<Settings> {
    let mut grid = vec![Settings::new()];
    for slider in explorer.sliders {
        let steps = (slider.max - slider.min) / slider.step;
        let every = slider.step * (steps / 4).max(1);
        let positions = (slider.min..=slider.max).step_by(usize::try_from(every).expect("small"));
        grid = positions
            .flat_map(|position| {
                grid.iter().map(move |settings| {
                    let mut settings = settings.clone();
                    settings.insert(slider.name, position);
                    settings
                })
            })
            .collect();
    }
    grid
}

/// Latencies lie within the spread that the slider says, to the rounding, and no call takes no time.
fn check_spread(settings: &Settings, latencies: &[Vec<u64>]) {
    let (middle, spread) = (settings["latency"], settings["spread"]);
    let by = middle * spread / 100;
    for latency in latencies.iter().flatten() {
        assert!(
            *latency > 0 && middle.abs_diff(*latency) <= by + 5,
            "{settings:?}: {latency}"
        );
    }
}
