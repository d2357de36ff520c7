//! Where a file may ask for which build it is compiled.

use super::{
    Finding, Source,
    tokens::{Word, group},
};

/// The places whose very purpose is the difference between builds.
const ALLOWED: [&str; 9] = [
    "app/src/lib.rs",
    "app/src/backend.rs",
    "app/src/lazy.rs",
    "app/src/live",
    "client/src/lib.rs",
    "frontend/src",
    "learn/src/lib.rs",
    "learn/src/live",
    "xtask",
];

const RULE: &str = "cfg(feature) and cfg(target_arch) stand only in the places that xtask/src/tidy/cfg.rs lists";

/// Finds conditions on a feature or on the target.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    if ALLOWED.iter().any(|place| source.is_in(place)) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (index, token) in source.tokens.iter().enumerate() {
        if !matches!(token.ident(), Some("cfg" | "cfg_attr")) {
            continue;
        }
        let mut rest = &source.tokens[index + 1..];
        if rest.first().is_some_and(|token| token.is('!')) {
            rest = &rest[1..];
        }
        let in_brackets = matches!(rest.first().map(|token| &token.word), Some(Word::Open('(')));
        let asks = |token: &super::tokens::Token| matches!(token.ident(), Some("feature" | "target_arch"));
        if in_brackets && group(rest).iter().any(asks) {
            findings.push(Finding::new(source, token.line, RULE));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "#[cfg(unix)]\nfn a() {}\n#[cfg(all(unix, feature = \"x\"))]\nfn b() {}\n\
        fn c() { cfg!(target_arch = \"wasm32\"); }";

    #[test]
    fn components_do_not_ask_for_their_build() {
        let findings = check(&Source::rust("app/src/room/composer.rs", SAMPLE));
        assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [3, 5]);
    }

    #[test]
    fn the_named_places_do() {
        assert!(check(&Source::rust("app/src/live/link.rs", SAMPLE)).is_empty());
    }
}
