//! A person's initials on a colour of their own.

use leptos::prelude::*;

use crate::markup::view;

/// The initials of a name on a colour that follows from it. The name itself stands beside it for those who listen.
#[component]
pub(crate) fn Avatar(
    /// Whose.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! { <span class="avatar" aria-hidden="true" style=format!("--hue:{}", hue(&name))>{initials(&name)}</span> }
}

/// For a name in Hangul its last two syllables, which are mostly the given name; otherwise the first letters of up
/// to two words, which the stylesheet writes as capitals.
fn initials(name: &str) -> String {
    let last_word: Vec<char> = name.split(' ').next_back().unwrap_or_default().chars().collect();
    if last_word.iter().all(|c| is_hangul(*c)) {
        return last_word[last_word.len().saturating_sub(2)..].iter().collect();
    }
    let firsts = name.split(' ').filter_map(|word| word.chars().find(|c| c.is_alphanumeric())).take(2);
    let letters: String = firsts.collect();
    if letters.is_empty() { name.chars().take(1).collect() } else { letters }
}

fn is_hangul(c: char) -> bool {
    matches!(c, '가'..='힣')
}

/// An angle on the colour wheel in steps of 15 degrees, far enough apart to be told from each other (FNV-1a).
fn hue(name: &str) -> u32 {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    // The low bits of this hash vary least.
    (hash >> 8) % 24 * 15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_korean_name_shows_its_given_name() {
        assert_eq!(initials("김민수"), "민수");
        assert_eq!(initials("민수"), "민수");
        assert_eq!(initials("수"), "수");
        assert_eq!(initials("남궁 민수"), "민수");
    }

    #[test]
    fn a_name_in_other_scripts_shows_the_first_letters_of_its_words() {
        assert_eq!(initials("ada lovelace"), "al");
        assert_eq!(initials("Ada"), "A");
        assert_eq!(initials("Ada King Lovelace"), "AK");
        assert_eq!(initials("민수 kim"), "민k");
    }

    #[test]
    fn a_name_without_letters_shows_its_first_character() {
        assert_eq!(initials("😀😀"), "😀");
    }

    #[test]
    fn a_name_keeps_its_colour_and_names_differ() {
        assert_eq!(hue("김민수"), hue("김민수"));
        let hues: std::collections::BTreeSet<u32> = ["Ada", "Bob", "민수", "영희", "Grace", "Linus"].map(hue).into();
        assert!(hues.len() >= 5, "{hues:?}");
        assert!(hues.iter().all(|hue| *hue < 360));
    }
}
