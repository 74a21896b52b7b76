//! The containers that readers start with one click: what they are told to do can be done.

use std::{fs, path::Path};

use serde::Deserialize;

/// The properties that our files have, as https://containers.dev/implementors/json_reference describes them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct DevContainer {
    name: String,
    image: Option<String>,
    docker_compose_file: Option<Vec<String>>,
    service: Option<String>,
    workspace_folder: Option<String>,
    host_requirements: Option<HostRequirements>,
    on_create_command: String,
    update_content_command: String,
    customizations: Customizations,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HostRequirements {
    cpus: u32,
    memory: String,
    storage: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Customizations {
    codespaces: Codespaces,
    vscode: Extensions,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Codespaces {
    open_files: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extensions {
    extensions: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recommendations {
    recommendations: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn containers() -> Vec<(std::path::PathBuf, DevContainer)> {
    let folder = root().join(".devcontainer");
    let entries = fs::read_dir(&folder).expect("the folder is there");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.is_dir())
        .map(|path| path.join("devcontainer.json"))
        .collect();
    files.push(folder.join("devcontainer.json"));
    files
        .into_iter()
        .map(|file| {
            let container = serde_json::from_str(&read(&file));
            let container = container.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            (file, container)
        })
        .collect()
}

#[test]
fn each_container_has_what_the_specification_knows_and_what_is_there() {
    let recommended: Recommendations =
        serde_json::from_str(&read(&root().join(".vscode/extensions.json"))).expect("it is JSON");
    for (file, container) in containers() {
        let shown = file.display();
        assert!(!container.name.is_empty(), "{shown}");
        // One or the other says what runs.
        assert_eq!(
            container.image.is_some(),
            container.docker_compose_file.is_none(),
            "{shown}"
        );
        assert_eq!(
            container.docker_compose_file.is_some(),
            container.service.is_some() && container.workspace_folder.is_some(),
            "{shown}"
        );
        for compose in container.docker_compose_file.iter().flatten() {
            let compose = file.with_file_name(compose);
            assert!(compose.is_file(), "{shown} names {}", compose.display());
        }
        for open in &container.customizations.codespaces.open_files {
            assert!(root().join(open).is_file(), "{shown} opens {open}");
        }
        assert_eq!(
            container.customizations.vscode.extensions, recommended.recommendations,
            "{shown}"
        );
        if let Some(host) = container.host_requirements {
            assert!(host.cpus >= 2, "{shown}");
            for size in [host.memory, host.storage] {
                assert!(size.ends_with("gb"), "{shown}: {size}");
            }
        }
        // What is built there is what the README has readers run.
        assert_eq!(
            container.on_create_command, "rustup update stable",
            "{shown}"
        );
        let built = &container.update_content_command;
        assert_eq!(
            built, "cargo build --locked && cargo test --locked --no-run",
            "{shown}"
        );
    }
}
