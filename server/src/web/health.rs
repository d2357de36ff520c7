//! `GET /health`, for monitoring.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{net::limits::Limits, readiness::Readiness};

/// 200 and `ok` when the server can serve, else 503 with a sentence that says what is wrong. The lines after it say how
/// much is held.
pub(crate) async fn health(State(readiness): State<Readiness>, State(limits): State<Limits>) -> Response {
    let (status, sentence) = match readiness.ask().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(sentence) => (StatusCode::SERVICE_UNAVAILABLE, sentence),
    };
    let mut response = (status, format!("{sentence}\n{}", limits.gauge())).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
