//! The pictures for readers without script are what the script draws.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use async_workbook::chart::Chart;

use super::EXPLORERS;
use crate::node;

/// Explorers have the axis that lessons have.
#[test]
fn the_axis_is_that_of_the_lessons() {
    let ends = [
        50, 100, 120, 350, 480, 990, 1_000, 1_260, 1_620, 6_000, 9_990,
    ];
    let inputs = ends.map(|millis| (millis, 68.0));
    let drawn = node::map::<_, String>(
        &["model.js", "explore.js"],
        "([end, height]) => explore.axis(end, height)",
        &inputs,
    );
    let Some(drawn) = drawn else {
        return;
    };
    for ((millis, height), drawn) in inputs.into_iter().zip(drawn) {
        let mut chart = Chart::new();
        chart.axis(Duration::from_millis(millis), height);
        let chart = chart.finish("axis", "Axis", "An axis");
        assert!(
            chart.contains(&drawn),
            "{millis} ms: {drawn}\nis not in\n{chart}"
        );
    }
}

/// `UPDATE_PICTURES=1 cargo test -p book pictures` draws them anew.
#[test]
fn pictures_are_what_the_script_draws() {
    const DRAW: &str = r#"([name, settings]) => {
        const { plans, result } = model.simulate(name, settings);
        return `<p role="status">${result}</p>\n<div class="picture">${explore.picture(plans)}</div>\n`;
    }"#;
    let beginnings: Vec<_> = EXPLORERS
        .iter()
        .map(|explorer| {
            let values = explorer.sliders.iter().map(|s| (s.name, s.value));
            (explorer.name, values.collect::<BTreeMap<_, _>>())
        })
        .collect();
    let scripts = ["model.js", "explore.js"];
    let Some(drawn) = node::map::<_, String>(&scripts, DRAW, &beginnings) else {
        return;
    };
    for (explorer, drawn) in EXPLORERS.iter().zip(drawn) {
        if std::env::var_os("UPDATE_PICTURES").is_some() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("render/explore");
            let file = folder.join(explorer.name).with_extension("html");
            fs::write(file, drawn).expect("the sources can be written");
        } else {
            assert_eq!(drawn, explorer.picture, "{}", explorer.name);
        }
    }
}
