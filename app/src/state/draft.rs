//! Drafts that several tabs of a browser have.

use madang_common::text::MessageText;

/// Whether a draft has been sent by another tab, and so is to be dropped here. `is_own`: it was typed in this tab. One that
/// was not is a copy of what the other tab had, whatever that made of it before it was sent.
#[must_use]
pub fn is_sent(draft: &str, said: &MessageText, is_own: bool) -> bool {
    match MessageText::parse(draft) {
        Ok(draft) => !is_own || draft == *said,
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_sent_as(draft: &str, said: &str, is_own: bool) -> bool {
        is_sent(draft, &MessageText::parse(said).unwrap(), is_own)
    }

    #[test]
    fn the_same_draft_is_sent_whoever_typed_it() {
        for is_own in [false, true] {
            assert!(is_sent_as("see you", "see you", is_own));
            assert!(is_sent_as("see you \n", "see you", is_own), "a message is sent without blanks at its end");
        }
    }

    #[test]
    fn the_copy_of_a_draft_is_sent_whatever_it_became_elsewhere_and_ones_own_words_are_not() {
        for draft in ["see", "see you later", "bread"] {
            assert!(is_sent_as(draft, "see you", false), "{draft}");
            assert!(!is_sent_as(draft, "see you", true), "{draft}");
        }
    }

    #[test]
    fn nothing_is_no_draft() {
        for is_own in [false, true] {
            assert!(!is_sent_as(" ", "see you", is_own));
        }
    }
}
