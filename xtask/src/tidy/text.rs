//! Rules on the text itself: length, things left undone, globs handed on, places that exist on one machine only.

use std::path::Path;

use super::{
    Finding, Source,
    source::Kind,
    tokens::{Token, Word},
};

/// Most lines of a file of code.
const LONGEST: usize = 400;
/// What a longer file says near its top, before the reason.
const EXCUSE: &str = "// Long because: ";
/// How near.
const EXCUSE_WITHIN: usize = 20;

/// Built from halves, so that this file does not find itself.
const UNDONE: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const PLACES: [&str; 3] = [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/")];

/// Applies every rule on text to one file.
pub(super) fn check(source: &Source, root: &Path) -> Vec<Finding> {
    let mut findings = length(source);
    findings.extend(undone(source));
    findings.extend(globs(source));
    findings.extend(machine_places(source, root));
    findings
}

fn length(source: &Source) -> Vec<Finding> {
    let is_code = source.kind != Kind::Other || source.path.ends_with(".ts");
    let lines = source.text.lines().count();
    let is_excused = source.text.lines().take(EXCUSE_WITHIN).any(|line| line.starts_with(EXCUSE));
    if !is_code || lines <= LONGEST || is_excused {
        return Vec::new();
    }
    let rule = format!("{lines} lines are more than {LONGEST}: split it, or say `{EXCUSE}…` at its top");
    vec![Finding::new(source, LONGEST + 1, rule)]
}

fn undone(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        let mut words = line.split(|c: char| !c.is_alphanumeric());
        if words.any(|word| UNDONE.contains(&word)) {
            findings.push(Finding::new(source, index + 1, "finish it, or write down elsewhere what is missing"));
        }
    }
    for words in source.tokens.windows(2) {
        if matches!(words[0].ident(), Some("todo" | "unimplemented")) && words[1].is('!') {
            findings.push(Finding::new(source, words[0].line, "code that is missing is not called"));
        }
    }
    findings
}

fn globs(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut rest = &source.tokens[..];
    while let Some(start) = rest.iter().position(|token| token.ident() == Some("use")) {
        let (before, from) = rest.split_at(start);
        let end = from.iter().position(|token| token.is(';')).unwrap_or(from.len());
        let has_glob = from[..end].iter().any(|token| token.is('*'));
        if is_public(before) && has_glob {
            findings.push(Finding::new(
                source,
                from[0].line,
                "`pub use …::*` hides where a name comes from: list the names",
            ));
        }
        rest = &from[end..];
    }
    findings
}

/// Whether the words before `use` are `pub` or `pub(…)`.
fn is_public(before: &[Token]) -> bool {
    let before = match before {
        [start @ .., last] if last.word == Word::Close(')') => {
            let open = start.iter().rposition(|token| token.word == Word::Open('(')).unwrap_or(0);
            &start[..open]
        }
        _ => before,
    };
    before.last().and_then(Token::ident) == Some("pub")
}

fn machine_places(source: &Source, root: &Path) -> Vec<Finding> {
    let root = root.to_string_lossy();
    // A checkout directly below / has a name too short to mean only itself.
    let is_telling = root.matches('/').count() > 1;
    let mut findings = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        if PLACES.iter().any(|place| line.contains(place)) || is_telling && line.contains(&*root) {
            findings.push(Finding::new(source, index + 1, "this place exists on one machine only"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(rule: fn(&Source) -> Vec<Finding>, text: &str) -> usize {
        rule(&Source::rust("app/src/x.rs", text)).len()
    }

    #[test]
    fn a_long_file_says_why() {
        let long = "struct A;\n".repeat(LONGEST + 1);
        assert_eq!(count(length, &long), 1);
        assert_eq!(count(length, &"struct A;\n".repeat(LONGEST)), 0);
        assert_eq!(count(length, &format!("//! Doc.\n{EXCUSE}it is a table.\n{long}")), 0);
    }

    #[test]
    fn nothing_is_left_undone() {
        assert_eq!(count(undone, &format!("// {}: later", UNDONE[0])), 1);
        assert_eq!(count(undone, "fn f() { todo!() }"), 1);
        assert_eq!(count(undone, "// mastodon\nfn todo() {}"), 0);
    }

    #[test]
    fn globs_are_not_handed_on() {
        assert_eq!(count(globs, "pub use a::*;"), 1);
        assert_eq!(count(globs, "pub(crate) use a::{b, c::*};"), 1);
        assert_eq!(count(globs, "use a::*;\npub use b::c;\nfn f() { 2 * 3; }"), 0);
    }

    #[test]
    fn no_one_elses_machine_is_named() {
        let source = Source::new("README.md", format!("see {}me/notes\nand /srv/checkout/app", PLACES[0]));
        assert_eq!(machine_places(&source, Path::new("/srv/checkout")).len(), 2);
        assert_eq!(machine_places(&source, Path::new("/app")).len(), 1);
    }
}
