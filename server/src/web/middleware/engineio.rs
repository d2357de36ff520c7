//! Corrections to the Socket.IO server's HTTP responses, as [`crate::net::engineio`] makes them.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    net::engineio::{Line, Switch, without_close},
    web::target,
};

/// Turns the guards of a new WebSocket on, and hides the packet `close` from clients of Engine.IO 4 that poll; those of
/// Engine.IO 3 get their answers from `old_clients`.
pub(crate) async fn guarded(request: Request, next: Next) -> Response {
    let query = request.uri().query().filter(|_| target::is_below_hub(request.uri()));
    let Some(line) = query.map(Line::of_query) else { return next.run(request).await };
    let switch = request.extensions().get::<Switch>().cloned();
    let is_get = request.method() == Method::GET;
    let response = next.run(request).await;
    match (response.status(), line) {
        (StatusCode::SWITCHING_PROTOCOLS, line) => {
            if let Some(switch) = switch {
                switch.turn(line);
            }
            response
        }
        (StatusCode::OK, Line::New) if is_get => without_close_packet(response).await,
        _ => response,
    }
}

async fn without_close_packet(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    // It is the server's own and in memory already; an error is one of a body that fails by itself, which none does.
    let Ok(body) = to_bytes(body, usize::MAX).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let body = match std::str::from_utf8(&body).ok().and_then(without_close) {
        Some(payload) => {
            parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(payload.len()));
            Body::from(payload)
        }
        None => Body::from(body),
    };
    Response::from_parts(parts, body)
}
