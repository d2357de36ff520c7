//! The state that handlers are given.

use std::sync::Arc;

use axum::extract::FromRef;

use crate::{
    chat::Chat,
    config::Config,
    net::limits::Limits,
    readiness::Readiness,
    secret::{cookie::SessionCookie, join_key::JoinKeys},
};

/// The chat, the settings and the limits; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The rules.
    pub chat: Chat,
    /// The settings.
    pub config: Arc<Config>,
    /// How often one may do things.
    pub(crate) limits: Limits,
    /// Whether the server can serve.
    pub(crate) readiness: Readiness,
    /// What the session's cookie is called here.
    pub cookie: SessionCookie,
    /// The keys of forms by which one joins.
    pub(crate) join_keys: JoinKeys,
}

impl FromRef<AppState> for Readiness {
    fn from_ref(state: &AppState) -> Self {
        state.readiness.clone()
    }
}

impl FromRef<AppState> for Limits {
    fn from_ref(state: &AppState) -> Self {
        state.limits.clone()
    }
}

impl FromRef<AppState> for Chat {
    fn from_ref(state: &AppState) -> Self {
        state.chat.clone()
    }
}

impl FromRef<AppState> for Arc<Config> {
    fn from_ref(state: &AppState) -> Self {
        state.config.clone()
    }
}
