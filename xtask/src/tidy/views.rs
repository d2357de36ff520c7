//! The app is drawn by lean's `view!`. Clippy sees uses of Leptos's as well, but takes no exception for the document:
//! an `#[expect(clippy::disallowed_macros)]` around this macro has no effect.

use super::{Finding, Source, tokens::Token};

/// Where the rule holds.
const APP: &str = "app/src";
/// The document around the app, which no browser renders.
const EXCEPT: &str = "app/src/shell";

/// Leptos's macros that draw.
const MACROS: [&str; 2] = ["view", "template"];

const RULE: &str = "the app is drawn by lean's view!, since Leptos's compiles what it draws anew for each type";

/// Finds uses of Leptos's `view!`.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    if !source.is_in(APP) || source.is_in(EXCEPT) {
        return Vec::new();
    }
    let draws = source.tokens.windows(2).any(|words| is_macro(&words[0]) && words[1].is('!'));
    let mut findings = Vec::new();
    for (index, token) in source.tokens.iter().enumerate() {
        if token.ident() != Some("leptos") {
            continue;
        }
        let (before, rest) = source.tokens.split_at(index);
        let is_broken = if before.last().is_some_and(|word| word.ident() == Some("use")) {
            imports(rest, draws)
        } else {
            calls(rest)
        };
        if is_broken {
            findings.push(Finding::new(source, token.line, RULE));
        }
    }
    findings
}

/// Whether an import brings a macro: by its name, or with everything else into a file that draws.
fn imports(path: &[Token], draws: bool) -> bool {
    let mut words = path.iter().take_while(|word| !word.is(';'));
    words.any(|word| is_macro(word) || draws && word.is('*'))
}

/// Whether a path is that of a macro which is called.
fn calls(path: &[Token]) -> bool {
    let end = path.iter().take_while(|word| word.ident().is_some() || word.is(':')).count();
    is_macro(&path[end - 1]) && path.get(end).is_some_and(|word| word.is('!'))
}

fn is_macro(word: &Token) -> bool {
    word.ident().is_some_and(|name| MACROS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&Source::rust(path, text)).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn leptos_view_is_found_however_it_is_named() {
        for text in [
            "use leptos::prelude::*;\nfn a() { view! { <p></p> } }",
            "use leptos::{ev, prelude::*};\nfn a() { template! { <p></p> } }",
            "use leptos::prelude::{IntoView, view};",
            "use leptos::view as draw;",
            "fn a() { leptos::view! { <p></p> } }",
            "fn a() { ::leptos::prelude::view! { <p></p> } }",
        ] {
            assert_eq!(lines("app/src/room/composer.rs", text), [1], "{text}");
        }
    }

    #[test]
    fn leans_view_and_the_rest_of_leptos_may_be_used() {
        for text in [
            "use lean::prelude::*;\nuse leptos::{ev, task::spawn_local};\nfn a() { view! { <p></p> } }",
            "use leptos::prelude::*;\nfn a() { leptos::logging::warn!(\"a\"); }",
        ] {
            assert!(lines("app/src/room/composer.rs", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_document_is_drawn_by_leptos() {
        let text = "use leptos::prelude::*;\nfn a() { view! { <html></html> } }";
        assert!(lines("app/src/shell/mod.rs", text).is_empty());
        assert!(lines("learn/src/page.rs", text).is_empty());
    }
}
