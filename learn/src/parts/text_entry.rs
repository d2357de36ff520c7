//! Text input for all demos: takes the text of a field, and ignores blank ones.

use leptos::{html, prelude::*};

use crate::live::dom;

/// Hands what was typed to `send`, unless it is blank. If it went out, the field is emptied; it keeps the focus either
/// way.
pub(crate) fn hand_over(input: NodeRef<html::Input>, send: impl FnOnce(String) -> bool) {
    let Some(input) = input.get_untracked() else { return };
    if let Some(text) = value(&input.value())
        && send(text)
    {
        input.set_value("");
    }
    dom::focus(&input);
}

/// What stands in a field, unless it is blank.
pub(crate) fn read(input: NodeRef<html::Input>) -> Option<String> {
    value(&input.get_untracked()?.value())
}

fn value(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn a_blank_text_is_none() {
        assert_eq!(value("  \t"), None);
        assert_eq!(value(" 안녕 "), Some("안녕".to_owned()));
    }
}
