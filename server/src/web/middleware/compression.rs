//! Compression of rendered pages.
//!
//! Who can add texts to a page and watch how long its compressed form is over TLS may guess, letter by letter, what else
//! stands in it (BREACH). What is secret in a page?
//! - The session's token is in no page, and no other token of a form is: where a form comes from is told by `Origin`.
//! - The nonce of its policy and the id of its next message are other ones in each page, so there is nothing to compare.
//! - What is said in a room that the reader is in, and how they are called. Guessing that letter by letter takes thousands
//!   of requests with the reader's cookie, which another site can only cause one visible page at a time, and each answer
//!   has a length that is off by chance (see [`PADDING`]).
//! - The page where one joins may hold a key for one use. It is small, and is sent as it is.

use std::io::{self, Write as _};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, header, response::Parts},
    response::Response,
};
use flate2::{Compression, GzBuilder};

use crate::web::encoding::{Encoding, accepted};

/// Most bytes of a comment of no meaning, of random length, in the head of each compressed page (RFC 1952, section 2.3.1).
const PADDING: u8 = 128;
/// A page that is shorter would hardly become smaller.
const WORTHWHILE: usize = 1_024;

/// An answer with this page, compressed where the client takes that.
pub(crate) fn answer(mut parts: Parts, html: Bytes, asked: &HeaderMap) -> Response {
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    let gzip = accepted(asked).into_iter().find(|form| *form != Encoding::Brotli);
    if gzip != Some(Encoding::Gzip) || html.len() < WORTHWHILE {
        return Response::from_parts(parts, Body::from(html));
    }
    match compress(&html) {
        Ok(small) => {
            parts.headers.extend(Encoding::Gzip.header().map(|gzip| (header::CONTENT_ENCODING, gzip)));
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(small))
        }
        // Only the system's source of chance can fail.
        Err(error) => {
            tracing::error!(%error, "compressing a page");
            Response::from_parts(parts, Body::from(html))
        }
    }
}

fn compress(html: &[u8]) -> io::Result<Vec<u8>> {
    let chance = getrandom::u32()?.to_le_bytes()[0] % PADDING;
    let head = GzBuilder::new().comment(vec![b'.'; chance.into()]);
    // A little larger than at the highest level, in half the time.
    let mut encoder = head.write(Vec::with_capacity(html.len() / 4), Compression::new(5));
    encoder.write_all(html)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, io::Read as _};

    use axum::body::to_bytes;
    use flate2::read::GzDecoder;

    use super::*;

    async fn sent(html: &str, asked: &'static str) -> (Parts, Bytes) {
        let asked = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(asked))]);
        let (parts, ()) = Response::new(()).into_parts();
        let (parts, body) = answer(parts, Bytes::copy_from_slice(html.as_bytes()), &asked).into_parts();
        (parts, to_bytes(body, usize::MAX).await.expect("in memory"))
    }

    #[tokio::test]
    async fn a_page_is_compressed_for_those_who_take_that() {
        let html = "<li>마당</li>".repeat(1_000);
        for asked in ["gzip, deflate", "gzip, deflate, br"] {
            let (parts, small) = sent(&html, asked).await;
            assert_eq!(parts.headers[header::CONTENT_ENCODING], "gzip", "{asked}");
            assert_eq!(parts.headers[header::VARY], "accept-encoding");
            assert!(small.len() < html.len() / 20, "{}", small.len());
            let mut read = String::new();
            GzDecoder::new(&small[..]).read_to_string(&mut read).expect("gzip");
            assert_eq!(read, html);
        }
        let (parts, same) = sent(&html, "br").await;
        assert_eq!((parts.headers.get(header::CONTENT_ENCODING), same.as_ref()), (None, html.as_bytes()));
        assert_eq!(parts.headers[header::VARY], "accept-encoding");
    }

    #[tokio::test]
    async fn what_is_short_is_sent_as_it_is() {
        let (parts, same) = sent("<p>short</p>", "gzip").await;
        assert_eq!((parts.headers.get(header::CONTENT_ENCODING), same.as_ref()), (None, &b"<p>short</p>"[..]));
    }

    #[tokio::test]
    async fn the_same_page_has_another_length_each_time() {
        let html = "<li>마당</li>".repeat(1_000);
        let mut lengths = HashSet::new();
        for _ in 0..64 {
            lengths.insert(sent(&html, "gzip").await.1.len());
        }
        assert!(lengths.len() > 8, "{lengths:?}");
    }
}
