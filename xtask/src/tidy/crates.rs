//! Which crate may depend on which.

use toml::Table;

use super::{Finding, Source};

/// A crate's manifest and the workspace's crates that it may depend on. A crate that is not here is a finding, so that
/// a new one is put into this table on purpose.
const MAY_DEPEND: [(&str, &[&str]); 17] = [
    ("common/Cargo.toml", &[]),
    ("client/Cargo.toml", &["madang-common"]),
    ("socketio-web/Cargo.toml", &[]),
    ("socketio-web/harness/Cargo.toml", &["socketio-web"]),
    ("lean/Cargo.toml", &["lean-macro"]),
    ("lean/macro/Cargo.toml", &[]),
    ("lean/harness/Cargo.toml", &["lean"]),
    ("no-streams/Cargo.toml", &[]),
    ("app/Cargo.toml", &["lean", "madang-client", "madang-common", "socketio-web"]),
    ("frontend/Cargo.toml", &["madang-app"]),
    ("learn/Cargo.toml", &["lean", "socketio-web"]),
    ("learn/entry/Cargo.toml", &["madang-learn"]),
    ("server/Cargo.toml", &["madang-app", "madang-common", "madang-learn"]),
    ("torture/Cargo.toml", &["madang-client", "madang-common"]),
    ("simulate/Cargo.toml", &["madang-client", "madang-common"]),
    ("fuzz/Cargo.toml", &[]),
    ("xtask/Cargo.toml", &[]),
];

/// What any crate's tests may use, and nothing else.
const IN_TESTS: &str = "madang-fuzz";

const OURS: [&str; 16] = [
    "madang-common",
    "madang-fuzz",
    "lean",
    "lean-macro",
    "lean-harness",
    "madang-app",
    "madang-client",
    "madang-learn",
    "socketio-web",
    "socketio-web-harness",
    "frontend",
    "learn-entry",
    "server",
    "torture",
    "simulate",
    "xtask",
];

/// Finds dependencies that go the wrong way.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    if source.path == "Cargo.toml" {
        return Vec::new();
    }
    let Some((_, allowed)) = MAY_DEPEND.iter().find(|(path, _)| *path == source.path) else {
        return vec![Finding::new(source, 1, "a crate must have its line in xtask/src/tidy/crates.rs")];
    };
    let manifest: Table = match source.text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![Finding::new(source, 1, format!("this cannot be read: {error}"))],
    };
    let mut findings = Vec::new();
    for (section, name) in dependencies(&manifest) {
        let in_tests = section == "dev-dependencies" && name == IN_TESTS;
        if OURS.contains(&name.as_str()) && !allowed.contains(&name.as_str()) && !in_tests {
            let rule = format!("this crate may not depend on {name}, says xtask/src/tidy/crates.rs");
            findings.push(Finding::new(source, line_of(source, &name), rule));
        }
    }
    if source.path == "common/Cargo.toml" && manifest.contains_key("features") {
        let line = line_of(source, "[features]");
        findings.push(Finding::new(source, line, "common has no features: both ends compile the very same crate"));
    }
    findings
}

/// The names in every dependency section, with the section's; those for one target and for tests included.
fn dependencies(manifest: &Table) -> Vec<(&'static str, String)> {
    let mut tables: Vec<&Table> = vec![manifest];
    if let Some(targets) = manifest.get("target").and_then(|targets| targets.as_table()) {
        tables.extend(targets.values().filter_map(|target| target.as_table()));
    }
    let sections = ["dependencies", "dev-dependencies", "build-dependencies"];
    let found = tables.into_iter().flat_map(|table| sections.map(|name| Some((name, table.get(name)?.as_table()?))));
    found.flatten().flat_map(|(name, section)| section.keys().map(move |key| (name, key.clone()))).collect()
}

fn line_of(source: &Source, start: &str) -> usize {
    source.text.lines().position(|line| line.starts_with(start)).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, manifest: &str) -> Vec<usize> {
        check(&Source::new(path, manifest.to_owned())).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn the_server_may_use_the_app() {
        assert!(findings("server/Cargo.toml", "[dependencies]\nmadang-app.workspace = true\n").is_empty());
    }

    #[test]
    fn the_server_may_not_use_the_browsers_client() {
        assert_eq!(findings("server/Cargo.toml", "[dependencies]\nsocketio-web.workspace = true\n"), [2]);
    }

    #[test]
    fn nor_may_a_section_for_one_target_or_for_tests() {
        let manifest = "[target.'cfg(unix)'.dev-dependencies]\nmadang-app = { path = \"../app\" }\n";
        assert_eq!(findings("common/Cargo.toml", manifest), [2]);
    }

    #[test]
    fn what_fuzzes_is_for_tests_alone() {
        assert!(findings("common/Cargo.toml", "[dev-dependencies]\nmadang-fuzz.workspace = true\n").is_empty());
        assert_eq!(findings("common/Cargo.toml", "[dependencies]\nmadang-fuzz.workspace = true\n"), [2]);
    }

    #[test]
    fn common_has_no_features_and_a_new_crate_has_its_line() {
        assert_eq!(findings("common/Cargo.toml", "[features]\nx = []\n"), [1]);
        assert_eq!(findings("bots/Cargo.toml", ""), [1]);
    }
}
