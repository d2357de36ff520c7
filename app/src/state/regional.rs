//! The locale for times: the page's language with the conventions of the reader's region.

/// The tag for a page in `lang` (`en`, `ko`) in a browser that writes as `browser` says (`de-DE`, `zh-Hant-TW`, `de`): the
/// browser's own if that is of the language, else the language with the browser's region.
#[must_use]
pub fn regional(lang: &str, browser: &str) -> String {
    let mut parts = browser.split('-');
    if parts.next() == Some(lang) {
        return browser.to_owned();
    }
    // Behind a part of a single letter stand extensions.
    let region = parts.take_while(|part| part.len() > 1).find(|part| is_region(part));
    region.map_or_else(|| lang.to_owned(), |region| [lang, "-", region].concat())
}

/// Two letters, or three digits (RFC 5646, section 2.2.4). A script has four, a variant more or a digit with letters.
fn is_region(part: &str) -> bool {
    let all = |kind: fn(&u8) -> bool| part.bytes().all(|byte| kind(&byte));
    part.len() == 2 && all(u8::is_ascii_alphabetic) || part.len() == 3 && all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_of_the_pages_language_keeps_its_own_tag() {
        for tag in ["en-GB", "en-US", "en", "en-AU-u-hc-h23"] {
            assert_eq!(regional("en", tag), tag);
        }
    }

    #[test]
    fn another_browsers_region_goes_with_the_pages_words() {
        assert_eq!(regional("en", "de-DE"), "en-DE");
        assert_eq!(regional("ko", "en-US"), "ko-US");
        assert_eq!(regional("en", "zh-Hant-TW"), "en-TW");
        assert_eq!(regional("en", "es-419"), "en-419");
        assert_eq!(regional("en", "de-1996-CH"), "en-CH");
    }

    #[test]
    fn where_there_is_no_region_the_language_stands_alone() {
        for tag in ["de", "", "zh-Hant", "de-1996", "ar-u-nu-latn", "de-x-de", "eng"] {
            assert_eq!(regional("en", tag), "en", "{tag}");
        }
    }
}
