//! What is counted of the answers that go out.

use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    response::{IntoResponse, Response},
};

use super::redirect;
use crate::limits::{Address, Kind, Limits, Place, Subject};

/// Counts the bytes of a page or a file against those who asked for it, and refuses it when there are too many. A page
/// keeps a place for its bytes until the connection has taken the last of them; a file is in memory anyway.
pub(super) async fn counted(limits: &Limits, kind: Kind, address: Option<Address>, response: Response) -> Response {
    let kind = match kind {
        Kind::Page => Kind::PageByte,
        Kind::File => Kind::FileByte,
        _ => return response,
    };
    // All that is sent here is in memory as a whole; what has no length is the beginning of a WebSocket.
    let Some(length) = response.body().size_hint().exact().and_then(|length| usize::try_from(length).ok()) else {
        return response;
    };
    if length == 0 {
        return response;
    }
    let subject = response.extensions().get::<Subject>().copied();
    if let Err(wait) = limits.count(kind, subject, address, length) {
        return redirect::plain(&Limits::too_many_bytes(wait));
    }
    if kind == Kind::FileByte {
        return response;
    }
    match limits.page(address, length) {
        Ok(place) => holding(place, response).await,
        Err(fault) => redirect::plain(&fault),
    }
}

/// The bytes of a page with their place, which goes with the last of them.
struct Held {
    bytes: Bytes,
    _place: Place,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

async fn holding(place: Place, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => Response::from_parts(parts, Body::from(Bytes::from_owner(Held { bytes, _place: place }))),
        // It is in memory already, so this cannot be.
        Err(error) => {
            tracing::error!(%error, "reading a page that was made");
            axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::config::Config;

    const ADDRESS: [u8; 4] = [192, 0, 2, 1];
    const PAGE: usize = 1 << 20;

    async fn page(limits: &Limits) -> Response {
        let address = Some(Address::of(ADDRESS.into()));
        counted(limits, Kind::Page, address, vec![b'x'; PAGE].into_response()).await
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

        // As hyper does it: the body ends before its bytes have been written.
        let bytes = to_bytes(waiting.pop().expect("a page").into_body(), usize::MAX).await.expect("in memory");
        assert_eq!(bytes.len(), PAGE);
        assert_eq!(page(&limits).await.status(), StatusCode::SERVICE_UNAVAILABLE, "they are still there");
        drop(bytes);
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
}
