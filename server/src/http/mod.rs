//! HTTP: the routes, and what every request goes through.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{MethodRouter, get, post},
};
use madang_common::{event::PLAIN_PATH, limits::FRAME_BYTES};
use tower_http::trace::TraceLayer;

use crate::state::AppState;

mod body;
mod client_library;
mod cors;
mod current_user;
mod guard;
mod handshake;
mod health;
mod language;
mod learn;
mod limited;
mod messages;
mod notes;
mod old_clients;
mod pages;
mod people;
mod redirect;
mod rooms;
mod settings;
mod site;
mod slim;
mod socket_io;
mod upgrade;

pub(crate) use socket_io::SocketIoServer;

pub use current_user::{CurrentUser, SessionOf};

/// Where a form is posted and what is not a page.
fn routes() -> Router<AppState> {
    Router::new()
        .route("/health", get(health::health))
        .route("/join", post(people::join))
        .route("/leave", post(people::leave))
        .route("/rooms", post(rooms::create))
        .route("/r/{slug}/join", post(rooms::join))
        .route("/r/{slug}/leave", post(rooms::leave))
        .route("/r/{slug}/messages", post(messages::post))
        .route("/messages/{id}/edit", post(messages::edit))
        .route("/messages/{id}/delete", post(messages::delete))
        .route("/settings", post(settings::save))
}

/// Everything under one roof: pages, forms, the Socket.IO server, and the plain WebSocket that `plain` opens.
pub(crate) fn router(state: AppState, socket_io: SocketIoServer, plain: MethodRouter) -> Router {
    client_library::warn_if_absent();
    routes()
        .merge(notes::routes())
        .merge(pages::routes())
        .merge(learn::routes())
        .route_service(PLAIN_PATH, plain.clone())
        .with_state(state.clone())
        .layer(middleware::from_fn_with_state(plain, upgrade::at_root))
        .layer(DefaultBodyLimit::max(FRAME_BYTES))
        .layer(middleware::from_fn_with_state(socket_io, socket_io::serve))
        .layer(middleware::from_fn(old_clients::help))
        // Before the Socket.IO server sees a request, which it keeps as long as the connection lasts.
        .layer(middleware::map_request(slim::slim))
        .layer(middleware::from_fn_with_state(state.clone(), body::whole))
        .layer(middleware::from_fn_with_state(state.clone(), limited::limited))
        .layer(middleware::from_fn(handshake::web_socket))
        .layer(middleware::from_fn(cors::cors))
        .layer(middleware::from_fn_with_state(state, guard::guard))
        .layer(middleware::from_fn(client_library::serve))
        .layer(middleware::from_fn(handshake::host))
        .layer(TraceLayer::new_for_http())
}
