//! Every Rust file is compiled: a file that no `mod` names is stale.

use std::collections::BTreeSet;

use super::{
    Finding, Source,
    source::Kind,
    tokens::{Token, Word},
};

const RULE: &str = "no `mod` names this file, so it is never compiled";

/// Finds files that no crate reaches.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let rust: Vec<&Source> = sources.iter().filter(|source| source.kind == Kind::Rust).collect();
    let mut waiting: Vec<&Source> = rust.iter().copied().filter(|source| is_root(source)).collect();
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    while let Some(source) = waiting.pop() {
        if !reached.insert(&source.path) {
            continue;
        }
        for candidate in modules(source) {
            waiting.extend(rust.iter().copied().filter(|source| source.path == candidate));
        }
    }
    let orphans = rust.into_iter().filter(|source| !reached.contains(source.path.as_str()));
    orphans.map(|source| Finding::new(source, 1, RULE)).collect()
}

/// Where cargo starts to compile: a library, a program, a build script, a test, a benchmark, an example.
fn is_root(source: &Source) -> bool {
    let parts: Vec<&str> = source.path.split('/').collect();
    match parts[..] {
        [.., "src", "lib.rs" | "main.rs"] | [.., "src", "bin", _] | [_, "build.rs"] => true,
        [.., "tests" | "benches" | "examples", _] => !parts.contains(&"src"),
        [.., "tests" | "benches" | "examples", _, "main.rs"] => !parts.contains(&"src"),
        _ => false,
    }
}

/// The files that a file's `mod name;` may mean. Modules for tests count too, which is why this reads the text itself.
fn modules(source: &Source) -> Vec<String> {
    let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let own = source.path.trim_end_matches(".rs");
    let is_mod_rs = is_root(source) || own.ends_with("/mod");
    let base = if is_mod_rs { folder } else { own };
    let mut found = Vec::new();
    for name in declared(&source.tokens).into_iter().chain(declared_for_tests(&source.text)) {
        found.push(format!("{base}/{name}.rs"));
        found.push(format!("{base}/{name}/mod.rs"));
    }
    found.extend(placed(&source.text).map(|place| format!("{folder}/{place}")));
    found
}

/// Files named by `#[path = "…"]`, which counts from the file's own folder.
fn placed(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.trim().strip_prefix("#[path = \"")?.strip_suffix("\"]"))
}

fn declared(tokens: &[Token]) -> Vec<String> {
    let triples = tokens.windows(3);
    let named = triples.filter(|words| words[0].ident() == Some("mod") && words[2].word == Word::Punct(';'));
    named.filter_map(|words| words[1].ident().map(str::to_owned)).collect()
}

fn declared_for_tests(text: &str) -> Vec<String> {
    let lines = text.lines().zip(text.lines().skip(1));
    let pairs = lines.filter(|(line, _)| line.trim() == "#[cfg(test)]").map(|(_, next)| next.trim());
    let name = |line: &str| {
        let declaration = line.strip_suffix(';')?;
        let (before, name) = declaration.rsplit_once(' ')?;
        before.ends_with("mod").then(|| name.to_owned())
    };
    pairs.filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_no_one_names_is_found() {
        let sources = [
            Source::rust("app/src/lib.rs", "mod room;\n#[cfg(test)]\npub(crate) mod fixtures;"),
            Source::rust("app/src/fixtures.rs", "#[cfg(test)]\n#[path = \"more_tests.rs\"]\nmod tests;"),
            Source::rust("app/src/more_tests.rs", ""),
            Source::rust("app/src/room/mod.rs", "pub mod timeline;"),
            Source::rust("app/src/room/timeline.rs", "mod row;"),
            Source::rust("app/src/room/timeline/row.rs", ""),
            Source::rust("app/src/room/old.rs", ""),
            Source::rust("app/build.rs", ""),
            Source::rust("server/tests/it/main.rs", "mod support;"),
            Source::rust("server/tests/it/support/mod.rs", ""),
            Source::rust("server/tests/it/unused.rs", ""),
        ];
        let found: Vec<String> = check(&sources).into_iter().map(|finding| finding.file).collect();
        assert_eq!(found, ["app/src/room/old.rs", "server/tests/it/unused.rs"]);
    }
}
