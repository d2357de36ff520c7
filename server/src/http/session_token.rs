//! The session that a request brings: its cookie is read once, here.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};

use crate::{limits::Subject, secret::cookie::SessionCookie};

/// Gives the request the hash of its token, a `TokenHash`, for all that come after; also for the Socket.IO server, which
/// keeps it as long as the connection lasts. Who gets a page as a person, gets the cookie again: it is kept from then on,
/// and under the name that it has today.
pub(super) async fn session_token(State(cookie): State<SessionCookie>, mut request: Request, next: Next) -> Response {
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
