//! Language selection: the user's choice, else the browser's `Accept-Language`.

/// The languages of the UI; the first is for those who ask for none of them.
pub(super) const LANGUAGES: [&str; 2] = ["en", "ko"];

/// The language to answer in. `accepted` is an `Accept-Language` header (RFC 9110, section 12.5.4).
pub(super) fn choose(chosen: Option<&str>, accepted: &str) -> &'static str {
    let known = |name: &str| LANGUAGES.into_iter().find(|language| name.eq_ignore_ascii_case(language));
    if let Some(language) = chosen.and_then(known) {
        return language;
    }
    let mut ranges: Vec<(f32, &'static str)> = Vec::new();
    for range in accepted.split(',') {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let primary = tag.trim().split('-').next().unwrap_or_default();
        let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse().ok()).unwrap_or(0.0);
        ranges.extend(known(primary).filter(|_| weight > 0.0).map(|language| (weight, language)));
    }
    // Of equal weights the first stands: a stable sort keeps it in front.
    ranges.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranges.first().map_or(LANGUAGES[0], |(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn the_person_chooses_before_the_browser() {
        assert_eq!(choose(Some("ko"), "en"), "ko");
        assert_eq!(choose(Some("fr"), "ko"), "ko");
    }

    #[test]
    fn the_browser_s_first_language_that_madang_speaks_counts() {
        assert_eq!(choose(None, "ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7"), "ko");
        assert_eq!(choose(None, "fr, en;q=0.5, ko;q=0.8"), "ko");
        assert_eq!(choose(None, "ko;q=0, en"), "en");
        assert_eq!(choose(None, "en, ko"), "en");
    }

    #[test]
    fn english_is_for_everyone_else() {
        for header in ["", "fr", "*", ";;;q=", "ko;q=x", "\u{fffd},,"] {
            assert_eq!(choose(None, header), "en", "{header}");
        }
    }
}
