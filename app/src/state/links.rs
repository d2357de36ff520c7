//! Finding the links in a message.

/// A piece of a message's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// An address, http or https, to be shown and followed.
    Link(&'a str),
}

/// Cuts a text into pieces that together are the text. Only what is written out with `http://` or `https://` is a
/// link, so no other scheme can ever be followed from a message.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut plain = 0;
    let mut from = 0;
    while let Some(start) = next_scheme(text, from) {
        let link = link_at(&text[start..]);
        if link.is_empty() {
            from = start + 1;
            continue;
        }
        if plain < start {
            pieces.push(Piece::Text(&text[plain..start]));
        }
        pieces.push(Piece::Link(link));
        plain = start + link.len();
        from = plain;
    }
    if plain < text.len() {
        pieces.push(Piece::Text(&text[plain..]));
    }
    pieces
}

/// Where the next `http` stands that no letter or digit runs into: `xhttp://a` is no link.
fn next_scheme(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len().saturating_sub(3)).find(|&at| {
        let starts = bytes[at..at + 4].eq_ignore_ascii_case(b"http");
        starts && !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric())
    })
}

/// The address at the start of `text`, without the punctuation of the sentence around it; empty if there is none.
fn link_at(text: &str) -> &str {
    let bytes = text.as_bytes();
    let scheme = [&b"https://"[..], b"http://"]
        .into_iter()
        .find(|scheme| bytes.len() > scheme.len() && bytes[..scheme.len()].eq_ignore_ascii_case(scheme));
    let Some(scheme) = scheme else { return "" };
    let ends =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '「' | '」' | '“' | '”');
    let mut link = &text[..text.find(ends).unwrap_or(text.len())];
    while let Some(last) = link.chars().next_back() {
        let closes = |open: char| link.matches(last).count() > link.matches(open).count();
        let outside = match last {
            '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '*' | '…' | '。' | '、' => true,
            ')' => closes('('),
            ']' => closes('['),
            '}' => closes('{'),
            _ => false,
        };
        if !outside {
            break;
        }
        link = &link[..link.len() - last.len_utf8()];
    }
    let host = link.get(scheme.len()..).unwrap_or_default();
    if host.starts_with(|c: char| c.is_alphanumeric() || c == '[') { link } else { "" }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn links(text: &str) -> Vec<&str> {
        let link = |piece| match piece {
            Piece::Link(link) => Some(link),
            Piece::Text(_) => None,
        };
        pieces(text).into_iter().filter_map(link).collect()
    }

    #[test]
    fn an_address_is_a_link_without_the_sentence_around_it() {
        assert_eq!(links("see https://example.org/a?b=c#d."), ["https://example.org/a?b=c#d"]);
        assert_eq!(links("(http://example.org/x_(y)), and"), ["http://example.org/x_(y)"]);
        assert_eq!(links("https://ko.example/위키 참고"), ["https://ko.example/위키"]);
        assert_eq!(links("HTTPS://A.example http://b.example"), ["HTTPS://A.example", "http://b.example"]);
    }

    #[test]
    fn nothing_else_is_a_link() {
        for text in
            ["javascript:alert(1)", "data:text/html,x", "http://", "https://.", "xhttp://a", "www.a.example", "http"]
        {
            assert_eq!(links(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn markup_ends_an_address() {
        assert_eq!(links(r#"http://a.example/"onmouseover="x"#), ["http://a.example/"]);
        assert_eq!(links("<http://a.example/<b>"), ["http://a.example/"]);
    }

    proptest! {
        #[test]
        fn the_pieces_together_are_the_text(text in "(\\PC|http://|https://|[ .,)(]){0,40}") {
            let joined: String = pieces(&text).into_iter().map(|piece| match piece {
                Piece::Text(part) | Piece::Link(part) => part,
            }).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
