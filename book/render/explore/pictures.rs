//! The pictures for readers without script are what the script draws.

use std::{collections::BTreeMap, fs, path::Path};

use super::EXPLORERS;
use crate::node;

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
