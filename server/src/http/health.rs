//! `GET /health`, for those who watch over the server.

use axum::{extract::State, http::StatusCode};

use crate::chat::Chat;

/// 200 when the database answers, else 503.
pub(super) async fn health(State(chat): State<Chat>) -> (StatusCode, &'static str) {
    match chat.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(refusal) => {
            // Logged as an error there; who watches needs no more than the status.
            refusal.into_fault("checking the database's health");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
