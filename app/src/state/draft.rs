//! Drafts that several tabs of a browser have.

use madang_common::text::MessageText;

/// Whether a draft has been sent by another tab, and so is to be dropped here. `is_own`: it was typed in this tab. One that
/// was not is also dropped where the other tab has gone on with it before it was sent.
#[must_use]
pub fn is_sent(draft: &str, said: &MessageText, is_own: bool) -> bool {
    match MessageText::parse(draft) {
        Ok(draft) => draft == *said || !is_own && said.as_str().starts_with(draft.as_str()),
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
    fn the_copy_of_a_draft_that_went_on_elsewhere_is_sent_and_ones_own_words_are_not() {
        assert!(is_sent_as("see", "see you", false));
        assert!(!is_sent_as("see", "see you", true));
    }

    #[test]
    fn another_draft_stays() {
        for is_own in [false, true] {
            assert!(!is_sent_as("see you later", "see you", is_own));
            assert!(!is_sent_as("bread", "see you", is_own));
            assert!(!is_sent_as(" ", "see you", is_own));
        }
    }
}
