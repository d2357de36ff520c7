//! CORS: which pages of other origins may read the Socket.IO server's responses.
//!
//! Which origins may is the guard's to say: what comes here has passed it. Clients of the 1.x and 2.x lines always
//! poll another host with credentials, so these are allowed too. From another site the session cookie does not come
//! along even then, as it is `SameSite`; from another host of the same site it does, and the operator has listed it.

use std::time::Duration;

use axum::{
    extract::Request,
    http::{Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use tower::{Layer as _, ServiceExt as _};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::web::target;

/// How long a browser need not ask again before it posts.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_secs(600);

/// Answers preflights (Fetch standard, "CORS-preflight request") and marks the answers to other requests.
pub(crate) async fn cors(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_preflight =
        request.method() == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    // The layer takes any OPTIONS for a preflight, with an origin or without one.
    let is_other_options = request.method() == Method::OPTIONS && !is_preflight;
    if !headers.contains_key(header::ORIGIN) || !target::is_hub(&request) || is_other_options {
        return next.run(request).await;
    }
    let Ok(mut response) = layer().layer(next).oneshot(request).await;
    if is_preflight {
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    response
}

fn layer() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST])
        // Binary and plain text bodies: old clients post both.
        .allow_headers([header::CONTENT_TYPE])
        .max_age(PREFLIGHT_MAX_AGE)
        .vary([header::ORIGIN])
}
