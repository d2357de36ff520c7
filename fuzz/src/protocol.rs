//! The examples of docs/PROTOCOL.md, as valid inputs.

use std::collections::BTreeMap;

use serde_json::Value;

const DOCUMENT: &str = include_str!("../../docs/PROTOCOL.md");

/// The sections of a part of the document (`## part`): what stands in backticks in their headings, and their examples.
///
/// # Panics
/// Where the document has another form.
#[must_use]
pub fn events_in(part: &str) -> BTreeMap<&'static str, Vec<Value>> {
    let mut sections = BTreeMap::new();
    for section in text_of(part).split("\n### ").skip(1) {
        let name = section.strip_prefix('`').and_then(|rest| rest.split_once("`\n"));
        let (name, text) = name.unwrap_or_else(|| panic!("the heading of {section:?} is an event in backticks"));
        let sentence = text.trim_start();
        assert!(sentence.starts_with(char::is_uppercase), "{name} begins with what it is: {sentence:?}");
        assert!(sections.insert(name, examples(text)).is_none(), "{name} has one section");
    }
    sections
}

/// A part of the document, up to the next.
///
/// # Panics
/// When there is no such part.
#[must_use]
pub fn text_of(part: &str) -> &'static str {
    let parts = DOCUMENT.split("\n## ");
    let mut found = parts.filter_map(|text| text.strip_prefix(part)?.strip_prefix('\n'));
    found.next().unwrap_or_else(|| panic!("the document has a part {part:?}"))
}

/// The JSON blocks of a text.
///
/// # Panics
/// Where a block is no JSON.
#[must_use]
pub fn examples(text: &str) -> Vec<Value> {
    let blocks = text.split("\n```json\n").skip(1);
    let blocks = blocks.map(|block| block.split_once("\n```").expect("a block that ends").0);
    blocks.map(|block| serde_json::from_str(block).unwrap_or_else(|error| panic!("{error} in {block}"))).collect()
}

/// All JSON blocks of the document.
#[must_use]
pub fn all_examples() -> Vec<Value> {
    examples(DOCUMENT)
}
