//! The session cookie of a request, read once for all handlers.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};

use crate::{net::limits::Subject, secret::cookie::SessionCookie};

/// Gives the request the hash of its token, a `TokenHash`, for all that come after; also for the Socket.IO server, which
/// keeps it as long as the connection lasts. Who gets a page as a person, gets the cookie again: it is kept from then on,
/// and under the name that it has today.
pub(crate) async fn session_token(State(cookie): State<SessionCookie>, mut request: Request, next: Next) -> Response {
    let token = cookie.of_request(request.headers());
    if let Some(token) = token {
        request.extensions_mut().insert(token);
    }
    let renewed = (request.method() == Method::GET).then(|| cookie.renewed(request.headers())).flatten();
    let mut response = next.run(request).await;
    if let Some(Subject::User(_)) = response.extensions().get::<Subject>()
        && let Some(renewed) = renewed
        && let Ok(value) = HeaderValue::from_str(&renewed.to_string())
    {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::{
        Extension, Router,
        body::Body,
        http::Request,
        middleware::from_fn_with_state,
        routing::{any, get},
    };
    use madang_common::id::UserId;
    use std::time::Duration;
    use tower::ServiceExt;

    use super::*;
    use crate::secret::TokenHash;

    /// What is set in the answer to a request with a cookie.
    async fn set(method: Method, path: &str, cookie: &str) -> Option<String> {
        let names = SessionCookie::new("0123abcd", false, Duration::from_secs(100));
        let page = async |token: Option<Extension<TokenHash>>| {
            let Some(Extension(token)) = token else { return Response::new(Body::empty()) };
            assert_eq!(token, TokenHash::of("token"));
            let mut page = Response::new(Body::empty());
            page.extensions_mut().insert(Subject::User(UserId(1)));
            page
        };
        let router =
            Router::new().route("/page", any(page)).route("/other", get(async || Response::new(Body::empty())));
        let router = router.layer(from_fn_with_state(names, session_token));
        let request = Request::builder().method(method).uri(path).header(header::COOKIE, cookie).body(Body::empty());
        let answer = router.oneshot(request.expect("a request")).await.expect("an answer");
        answer.headers().get(header::SET_COOKIE).map(|value| value.to_str().expect("ASCII").to_owned())
    }

    #[tokio::test]
    async fn the_cookie_is_renewed_with_the_pages_of_a_person_and_with_nothing_else() {
        let renewed = "madang_session_0123abcd=token; HttpOnly; SameSite=Lax; Path=/; Max-Age=100";
        for cookie in ["madang_session_0123abcd=token", "madang_session=token"] {
            assert_eq!(set(Method::GET, "/page", cookie).await.as_deref(), Some(renewed), "{cookie}");
            assert_eq!(set(Method::GET, "/other", cookie).await, None, "{cookie}");
            assert_eq!(set(Method::POST, "/page", cookie).await, None, "{cookie}");
        }
        assert_eq!(set(Method::GET, "/page", "other=token").await, None);
    }
}
