//! A limit stands once, in common: a style sheet does not repeat its number.

use super::{
    Finding, Source,
    tokens::{Token, Word},
};

/// Smaller numbers are everywhere and mean nothing.
const SMALLEST: u64 = 1_000;

/// A limit of common, as a style sheet would write it.
pub(super) struct Limit {
    name: String,
    written: Vec<String>,
}

/// The limits that are large enough to be told from any other number.
pub(super) fn of(sources: &[Source]) -> Vec<Limit> {
    let file = sources.iter().find(|source| source.path == "common/src/limits.rs");
    let tokens = file.map_or(&[][..], |source| &source.tokens);
    let declared = tokens.windows(2).enumerate().filter(|(_, words)| words[0].ident() == Some("const"));
    let limits = declared.filter_map(|(index, words)| {
        let name = words[1].ident()?.to_owned();
        let value = value(&tokens[index..]).filter(|value| *value >= SMALLEST)?;
        let mut written = ["", "ms", "px"].map(|unit| format!("{value}{unit}")).to_vec();
        if name.ends_with("_MS") && value % 1_000 == 0 {
            written.push(format!("{}s", value / 1_000));
        }
        Some(Limit { name, written })
    });
    limits.collect()
}

/// The product of the numbers after the equals sign.
fn value(tokens: &[Token]) -> Option<u64> {
    let start = tokens.iter().position(|token| token.is('='))?;
    let numbers = tokens[start..].iter().take_while(|token| !token.is(';')).filter_map(|token| match &token.word {
        Word::Literal(written) => written.replace('_', "").parse::<u64>().ok(),
        _ => None,
    });
    numbers.reduce(|product, number| product * number)
}

/// Finds a limit's number in a style sheet.
pub(super) fn check(source: &Source, limits: &[Limit]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        for word in line.split(|c: char| !c.is_ascii_alphanumeric()) {
            if let Some(limit) = limits.iter().find(|limit| limit.written.iter().any(|written| written == word)) {
                let rule = format!("{word} is common's {}: a limit stands once", limit.name);
                findings.push(Finding::new(source, index + 1, rule));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_repeats_no_limit() {
        let text = "pub const A_MS: u64 = 6_000;\npub const B: usize = 64 * 1024;\npub const C: usize = 50;";
        let limits = of(&[Source::rust("common/src/limits.rs", text)]);
        let sheet = "a { width: 50px }\nb { animation: fade 6s }\nc { max-width: 65536px }\nd { transition: 6000ms }";
        let findings = check(&Source::new("style/main.scss", sheet.to_owned()), &limits);
        assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [2, 3, 4]);
    }
}
