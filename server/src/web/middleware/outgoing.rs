//! Accounting of response bytes.

use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    response::{IntoResponse, Response},
};

use crate::{
    net::limits::{Address, HeldPage, Kind, Limits, Link, Subject},
    web::forms::redirect,
};

/// Counts the bytes of a page or a file against those who asked for it, and refuses it when there are too many. A page
/// is held until the connection has taken the last of its bytes; a file is in memory anyway.
pub(crate) async fn counted(
    limits: &Limits,
    kind: Kind,
    (address, link): (Option<Address>, Option<Link>),
    response: Response,
) -> Response {
    if !matches!(kind, Kind::Page | Kind::File) {
        return response;
    }
    // All that is sent here is in memory as a whole; what has no length is the beginning of a WebSocket.
    let Some(length) = length(&response) else { return response };
    if length == 0 {
        return response;
    }
    let subject = response.extensions().get::<Subject>().copied();
    if kind == Kind::File {
        return match limits.count(Kind::FileByte, subject, address, length) {
            Ok(()) => response,
            Err(wait) => redirect::plain(&Limits::too_many_bytes(wait)),
        };
    }
    match limits.send_page(subject, address, link.as_ref(), length) {
        Ok(held) => holding(held, response).await,
        Err(fault) => redirect::plain(&fault),
    }
}

/// How many bytes an answer's body has, where that is known.
pub(crate) fn length(response: &Response) -> Option<usize> {
    response.body().size_hint().exact().and_then(|length| usize::try_from(length).ok())
}

/// The bytes of a page, which are held until the last of them is gone.
struct Held {
    bytes: Bytes,
    _held: HeldPage,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

async fn holding(held: HeldPage, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => Response::from_parts(parts, Body::from(Bytes::from_owner(Held { bytes, _held: held }))),
        // It is in memory already, so this cannot be.
        Err(error) => {
            tracing::error!(%error, "reading a page that was made");
            axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::StatusCode;
    use madang_common::{fault::FaultCode, id::UserId, time::UnixMillis};

    use super::*;
    use crate::{clock::ManualClock, config::Config};

    const PAGE: usize = 1 << 20;

    fn address(number: u8) -> Option<Address> {
        Some(Address::of([192, 0, 2, number].into()))
    }

    async fn page(limits: &Limits) -> Response {
        counted(limits, Kind::Page, (address(1), None), vec![b'x'; PAGE].into_response()).await
    }

    async fn page_for(limits: &Limits, reader: Subject) -> Response {
        let mut response = vec![b'x'; PAGE].into_response();
        response.extensions_mut().insert(reader);
        counted(limits, Kind::Page, (address(2), None), response).await
    }

    #[tokio::test]
    async fn pages_that_nobody_takes_in_are_bounded_and_the_next_one_is_made_when_they_are() {
        let limits = Limits::new(&Config { limits: crate::config::Generosity::OFF, ..Config::default() });
        let mut waiting = Vec::new();
        let refused = loop {
            let response = page(&limits).await;
            if response.status() != StatusCode::OK {
                break response;
            }
            waiting.push(response);
            assert!(waiting.len() < 100, "there is an end");
        };
        assert_eq!(waiting.len(), 16, "megabytes");
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(refused.headers().contains_key("retry-after"));
        // Known before another is made.
        assert_eq!(limits.rendering(address(1)).await.expect_err("no room").code, FaultCode::TooBusy);

        // As hyper does it: the body ends before its bytes have been written.
        let bytes = to_bytes(waiting.pop().expect("a page").into_body(), usize::MAX).await.expect("in memory");
        assert_eq!(bytes.len(), PAGE);
        assert_eq!(page(&limits).await.status(), StatusCode::SERVICE_UNAVAILABLE, "they are still there");
        drop(bytes);
        assert!(limits.rendering(address(1)).await.is_ok());
        assert_eq!(page(&limits).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn bytes_of_pages_are_counted() {
        let limits = Limits::new(&Config::default());
        let mut granted = 0;
        while page(&limits).await.status() == StatusCode::OK {
            granted += 1;
            assert!(granted < 1_000, "there is an end");
        }
        assert_eq!(granted, 128, "megabytes");
        assert_eq!(page(&limits).await.status(), StatusCode::TOO_MANY_REQUESTS);
    }

    #[tokio::test]
    async fn who_had_too_many_bytes_is_refused_before_another_page_is_made() {
        let clock = ManualClock::new(UnixMillis(0));
        let limits = Limits::new(&Config { clock: clock.clock(), ..Config::default() });
        while page(&limits).await.status() == StatusCode::OK {}
        let refused = limits.rendering(address(1)).await.expect_err("it would be made for nothing");
        assert_eq!(refused.code, FaultCode::TooOften);
        assert!(limits.rendering(address(2)).await.is_ok(), "another address");
        clock.advance(Duration::from_millis(refused.again_in.expect("a time").into()));
        assert!(limits.rendering(address(1)).await.is_ok());
        assert_eq!(page(&limits).await.status(), StatusCode::OK);

        let (reader, other) = (Subject::User(UserId(1)), Subject::User(UserId(2)));
        while page_for(&limits, reader).await.status() == StatusCode::OK {}
        assert_eq!(limits.may_make_page_for(reader).expect_err("the same").code, FaultCode::TooOften);
        assert_eq!(limits.may_make_page_for(other), Ok(()));
        assert!(limits.rendering(address(2)).await.is_ok(), "others of that address");
    }
}
