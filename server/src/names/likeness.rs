//! Look-alikes: when one name would pass for another.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// The longest form that is kept as it is, in bytes: all that people call themselves, 32 emoji included.
const LONGEST: usize = 128;

/// What two names have in common that are alike: either of the two.
///
/// Both are skeletons (UTS 39, section 4), which are the same for what looks the same: `а` of Cyrillic and `a`, `0` and
/// `O`, `rn` and `m`. Legitimate names are taken for each other where they do look alike ("Amy" and "Arny"); only one of
/// them can be there at a time.
///
/// They are stored with each name, in indexes too, and some characters stand for a whole sentence: U+FDFA has 18 letters. So a
/// long form is its SHA-256 instead; forms are only ever compared with each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Likeness {
    /// Of the name without case, white space, or differences of width and composition.
    pub(crate) fold: String,
    /// Of the name as it is written: `paypaI` is `paypal` only while its `I` is a capital.
    pub(crate) look: String,
}

impl Likeness {
    /// The likeness of a name.
    pub(crate) fn of(name: &str) -> Self {
        let plain: String = name.nfkc().filter(|c| !c.is_whitespace()).collect();
        // By way of the capitals, as case folding does it: ß and ss, ς and σ, and ı and i are one.
        let lower: String = plain.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().collect();
        // The capital İ leaves its dot behind.
        let lower = lower.replace("i\u{307}", "i");
        // A prototype may be a capital: that of 0 is O.
        let fold = bounded(skeleton(&lower).flat_map(char::to_lowercase).nfc().collect());
        let look = bounded(skeleton(&plain).nfc().collect());
        Self { fold, look }
    }
}

fn bounded(form: String) -> String {
    if form.len() <= LONGEST {
        return form;
    }
    // No form begins with white space, so it is like no other's.
    format!(" {:x}", Sha256::digest(form))
}

/// The rule by which likenesses are made, data included: those of another one are made again.
pub(crate) fn rule() -> String {
    let version = |(major, minor, patch)| format!("{major}.{minor}.{patch}");
    let (major, minor, patch) = unicode_normalization::UNICODE_VERSION;
    let normal = version((u64::from(major), u64::from(minor), u64::from(patch)));
    format!("2, confusables {}, normalization {normal}", version(unicode_security::UNICODE_VERSION))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::user_name;

    fn are_alike(one: &str, other: &str) -> bool {
        let (one, other) = (Likeness::of(one), Likeness::of(other));
        one.fold == other.fold || one.look == other.look
    }

    #[test]
    fn names_that_look_alike_are_one_name() {
        for (one, other) in [
            ("Minsu", "ｍｉｎｓｕ"),
            ("Kim Minsu", "kimminsu"),
            ("ÉLODIE", "e\u{301}lodie"),
            ("민수", "\u{1106}\u{1175}\u{11ab}\u{1109}\u{116e}"),
            // Cyrillic and Greek letters, the dotless i, digits.
            ("admin", "аdmin"),
            ("admin", "ADMIN"),
            ("admin", "admın"),
            ("Admin", "Αdmin"),
            ("Bob", "Воb"),
            ("Holly", "H0lly"),
            ("paypal", "paypaI"),
            ("paypal", "paypa1"),
            ("istanbul", "İstanbul"),
            ("Strasse", "Straße"),
            ("modern", "rnodern"),
            ("a’b", "a'b"),
            ("👨\u{200d}👩", "👨👩"),
            ("❤\u{fe0f}", "❤"),
            ("ad\u{e0100}min", "admin"),
            ("می\u{200c}خواهم", "میخواهم"),
        ] {
            assert!(are_alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn names_that_differ_stay_apart() {
        for (one, other) in [
            ("민수", "민서"),
            ("민지", "민자"),
            ("서연", "서현"),
            ("지은", "지운"),
            ("이수", "이슈"),
            ("김민수", "민수"),
            ("Ann", "Anna"),
            ("Anna", "Hanna"),
            ("Neil", "Nell"),
            ("Ali", "All"),
            ("Kim", "Klm"),
            ("Jon", "John"),
            ("Jose", "José"),
            ("C", "C++"),
            ("C++", "C#"),
            ("x", "x (2)"),
            ("x (2)", "x (3)"),
            ("guest-1", "guest-2"),
            ("user 10", "user 11"),
            ("Юля", "Юлия"),
            ("さくら", "さくや"),
            ("李", "季"),
            ("👍", "👎"),
            ("🇰🇷", "🇰🇵"),
            ("👋🏽", "👋🏿"),
        ] {
            assert!(!are_alike(one, other), "{one} {other}: {:?} {:?}", Likeness::of(one), Likeness::of(other));
        }
    }

    #[test]
    fn long_forms_are_bounded_and_still_compared() {
        // 18 letters each.
        let long = "\u{fdfa}".repeat(32);
        let form = Likeness::of(&long);
        assert!(form.fold.len() <= LONGEST && form.look.len() <= LONGEST, "{form:?}");
        assert!(are_alike(&long, &long.replace('\u{fdfa}', "صلى الله عليه وسلم")));
        assert!(!are_alike(&long, &"\u{fdfa}".repeat(31)));
        assert!(are_alike(&"👍".repeat(32), &"👍".repeat(32)));
        assert_eq!(Likeness::of(&"👍".repeat(32)).fold, "👍".repeat(32), "what people are called is kept as it is");
    }

    #[test]
    fn no_form_looks_like_a_bounded_one() {
        let mut seen = 0;
        for c in '\0'..=char::MAX {
            let Ok(name) = user_name(&format!("{c}a")) else { continue };
            let Likeness { fold, look } = Likeness::of(name.as_str());
            assert!(!fold.starts_with(' ') && !look.starts_with(' '), "{c:?}: {fold:?} {look:?}");
            seen += 1;
        }
        assert!(seen > 140_000, "{seen}");
    }

    #[test]
    fn any_two_of_many_numbers_stay_apart() {
        let likenesses: std::collections::HashSet<_> =
            (0..2_000).map(|number| Likeness::of(&format!("Visitor {number}")).fold).collect();
        assert_eq!(likenesses.len(), 2_000);
    }
}
