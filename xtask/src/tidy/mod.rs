//! The tidy test: the house rules of docs/ARCHITECTURE.md that a compiler does not check.
//!
//! Each rule is a function from sources to findings, with a test of its own on a good and a bad sample; the last test
//! here runs them all on the checkout. To change a rule, change the table at the top of its file.

mod cfg;
mod crates;
mod imports;
mod limits;
mod notes;
mod orphans;
mod source;
mod sql;
mod text;
mod tokens;
mod views;
mod wire;

use std::{fmt, path::Path};

use source::{Kind, Source};

/// A place where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    file: String,
    /// From 1.
    line: usize,
    rule: String,
}

impl Finding {
    fn new(source: &Source, line: usize, rule: impl Into<String>) -> Self {
        Self { file: source.path.clone(), line, rule: rule.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.rule)
    }
}

/// All that is wrong in the checkout at `root`.
fn inspect(root: &Path) -> Vec<Finding> {
    let sources = source::all(root);
    let event_names = wire::event_names(&sources);
    let routes = wire::routes(&sources);
    let limits = limits::of(&sources);
    let mut findings = orphans::check(&sources);
    findings.extend(notes::check(&sources));
    for source in &sources {
        findings.extend(text::check(source, root));
        match source.kind {
            Kind::Rust => {
                findings.extend(imports::check(source));
                findings.extend(cfg::check(source));
                findings.extend(wire::check(source, &event_names, &routes));
                findings.extend(sql::check(source));
                findings.extend(views::check(source));
            }
            Kind::Manifest => findings.extend(crates::check(source)),
            Kind::Style => findings.extend(limits::check(source, &limits)),
            Kind::Other => {}
        }
    }
    findings.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let root = crate::paths::root();
        let sources = source::all(&root);
        assert!(sources.iter().any(|source| source.path == "xtask/src/tidy/mod.rs"), "the sources were not found");
        assert!(wire::event_names(&sources).len() > 5, "the events' names were not found");
        assert!(wire::routes(&sources).len() > 10, "the URLs were not found");
        assert!(!limits::of(&sources).is_empty(), "the limits were not found");
        assert!(sources.iter().any(|source| source.path == "docs/NOTES.md"), "the notes' table was not found");
        let findings = inspect(&root);
        let lines: Vec<String> = findings.iter().map(Finding::to_string).collect();
        assert!(lines.is_empty(), "the house is untidy:\n{}\n", lines.join("\n"));
    }

    #[test]
    fn a_finding_names_the_place_and_the_rule() {
        let source = Source::rust("app/src/x.rs", "");
        assert_eq!(Finding::new(&source, 3, "do better").to_string(), "app/src/x.rs:3: do better");
    }
}
