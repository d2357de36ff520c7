//! Bidirectional text: isolates names within sentences of the other direction.

/// A name as it can stand in a sentence of the page, which goes from left to right. One that goes from right to left is
/// isolated (UAX 9, section 2.3), so that what follows it, a number or a full stop, does not join its run and change sides.
/// Others come back as they are.
///
/// This is for sentences and attributes that are strings; an element has `dir="auto"`.
#[must_use]
pub fn isolated(name: &str) -> String {
    if name.chars().any(is_right_to_left) { ["\u{2068}", name, "\u{2069}"].concat() } else { name.to_owned() }
}

/// The blocks that Unicode sets aside for letters of that direction (UAX 44, table of default `Bidi_Class` values).
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
        || matches!(c, '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_right_to_left_is_isolated() {
        for name in ["דנה", "محمد", "Dana (דנה)", "\u{1e900}\u{1e922}"] {
            assert_eq!(isolated(name), format!("\u{2068}{name}\u{2069}"));
        }
    }

    #[test]
    fn other_names_stay_as_they_are() {
        for name in ["Mina", "미나", "みな", "42", "😀", ""] {
            assert_eq!(isolated(name), name);
        }
    }
}
