//! Content negotiation: brotli, gzip, or uncompressed.

use axum::http::{HeaderMap, HeaderValue, header};

/// A form of the same content. Browsers ask for brotli over HTTPS and from their own machine only; everywhere else gzip is
/// the best that they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// The value of `Content-Encoding`; none for what is sent as it is.
    pub(super) fn header(self) -> Option<HeaderValue> {
        self.name().map(HeaderValue::from_static)
    }

    /// What is added to the name of a file that is compressed.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// The forms that a client takes, the one that it would rather have first, and of those that it likes equally the smallest
/// (RFC 9110, section 12.5.3). The content as it is ends the list, even where it is refused: it is what there always is.
pub(super) fn accepted(headers: &HeaderMap) -> Vec<Encoding> {
    let lists = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    let listed: Vec<(&str, f32)> = lists.flat_map(|list| list.split(',')).filter_map(weighed).collect();
    let weight = |name: &str| {
        let named = |wanted: &str| listed.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        named(name).or_else(|| named("*")).map(|(_, weight)| *weight)
    };
    // What nobody lists is taken as it is, but anything else is liked better.
    let identity = weight("identity").unwrap_or(f32::MIN_POSITIVE);
    let mut forms = vec![
        (Encoding::Brotli, weight("br").unwrap_or(0.0)),
        (Encoding::Gzip, weight("gzip").or_else(|| weight("x-gzip")).unwrap_or(0.0)),
    ];
    forms.retain(|(_, weight)| *weight > 0.0 && *weight >= identity);
    // Of equal weights the first stands: a stable sort keeps it in front.
    forms.sort_by(|a, b| b.1.total_cmp(&a.1));
    forms.into_iter().map(|(encoding, _)| encoding).chain([Encoding::Identity]).collect()
}

/// A coding and its weight, which is 1 where none is said, and 0 where it is no number from 0 to 1.
fn weighed(item: &str) -> Option<(&str, f32)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let parsed = |q: &str| q.parse().ok().filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0);
    Some((name, weight.map_or(1.0, parsed)))
}

#[cfg(test)]
mod tests {
    use super::{Encoding::*, *};

    fn forms(list: &'static str) -> Vec<Encoding> {
        accepted(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(list))]))
    }

    #[test]
    fn the_smallest_form_that_a_browser_takes_is_first() {
        assert_eq!(forms("gzip, deflate, br, zstd"), [Brotli, Gzip, Identity], "over HTTPS");
        assert_eq!(forms("gzip, deflate"), [Gzip, Identity], "over HTTP");
        assert_eq!(forms("x-gzip"), [Gzip, Identity]);
        assert_eq!(forms("*"), [Brotli, Gzip, Identity]);
        assert_eq!(forms("BR"), [Brotli, Identity]);
    }

    #[test]
    fn weights_count() {
        assert_eq!(forms("br;q=0.5, gzip;q=0.8"), [Gzip, Brotli, Identity]);
        assert_eq!(forms("br;q=0, gzip"), [Gzip, Identity]);
        assert_eq!(forms("br; q=0.0, *"), [Gzip, Identity]);
        assert_eq!(forms("*;q=0, gzip"), [Gzip, Identity]);
        assert_eq!(forms("gzip;q=0.5, identity"), [Identity], "as it is, rather than compressed");
        assert_eq!(forms("gzip;q=0.5, identity;q=0.1"), [Gzip, Identity]);
    }

    #[test]
    fn whoever_says_nothing_sensible_gets_it_as_it_is() {
        assert_eq!(accepted(&HeaderMap::new()), [Identity]);
        for list in ["", "deflate", "identity", "br;q=x, gzip;q=2", ";q=1", ",,;"] {
            assert_eq!(forms(list), [Identity], "{list}");
        }
    }
}
