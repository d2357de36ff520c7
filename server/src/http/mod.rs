//! HTTP: the routes, and what every request goes through.

use axum::{
    Router, middleware,
    routing::{MethodRouter, any_service, get, post},
};
use madang_common::event::PLAIN_PATH;
use tower_http::trace::TraceLayer;

use self::routes::Routes;
use crate::{limits::Kind, state::AppState};

mod body;
mod client_library;
mod compressed;
mod cors;
mod current_user;
mod document;
mod encoding;
mod engine_io;
mod guard;
mod handshake;
mod health;
mod language;
mod learn;
mod limited;
mod messages;
mod notes;
mod nowhere;
mod old_clients;
mod outgoing;
mod own_host;
mod pages;
mod people;
#[cfg(test)]
mod people_tests;
mod policy;
mod redirect;
mod refused;
mod room_list;
mod rooms;
mod routes;
mod session_token;
mod settings;
mod site;
mod slim;
mod socket_io;
mod target;
mod upgrade;

pub(crate) use socket_io::SocketIoServer;

pub use current_user::{CurrentUser, SessionOf};

/// Where a form is posted and what is not a page.
fn routes() -> Routes {
    Routes::default()
        .route("/health", Kind::Health, get(health::health))
        .form("/join", post(people::join))
        .form("/leave", post(people::leave))
        .form("/rooms", post(rooms::create))
        .form("/r/{slug}/join", post(rooms::join))
        .form("/r/{slug}/leave", post(rooms::leave))
        .form("/r/{slug}/messages", post(messages::post))
        .form("/messages/{id}/edit", post(messages::edit))
        .form("/messages/{id}/delete", post(messages::delete))
        .form("/settings", post(settings::save))
}

/// Everything under one roof: pages, forms, the Socket.IO server, and the plain WebSocket that `plain` opens.
pub(crate) fn router(state: AppState, socket_io: SocketIoServer, plain: MethodRouter) -> Router {
    client_library::warn_if_absent();
    site::warn_if_absent();
    let (router, kinds) = routes()
        .merge(notes::routes())
        .merge(pages::routes())
        .merge(learn::routes())
        .merge(site::routes())
        .route(PLAIN_PATH, Kind::Handshake, any_service(plain.clone()))
        .into_parts();
    router
        .fallback(nowhere::nowhere)
        .with_state(state.clone())
        .layer(middleware::from_fn_with_state(plain, upgrade::at_root))
        .layer(middleware::from_fn_with_state(socket_io, socket_io::serve))
        .layer(middleware::from_fn(engine_io::guarded))
        .layer(middleware::from_fn(old_clients::help))
        // Before the Socket.IO server sees a request, which it keeps as long as the connection lasts.
        .layer(middleware::map_request(slim::slim))
        .layer(middleware::from_fn_with_state(state.clone(), body::whole))
        .layer(middleware::from_fn(client_library::serve))
        .layer(middleware::from_fn(handshake::web_socket))
        .layer(middleware::from_fn_with_state((state.clone(), kinds), limited::limited))
        .layer(middleware::from_fn_with_state(state.cookie.clone(), session_token::session_token))
        .layer(middleware::from_fn(cors::cors))
        .layer(middleware::from_fn_with_state(state.clone(), guard::guard))
        .layer(middleware::from_fn_with_state(state.clone(), own_host::own_host))
        .layer(middleware::from_fn(handshake::host))
        .layer(middleware::from_fn_with_state(state, policy::complete))
        // Without a line for each answer of 5xx: what failed has been logged where it did, and anyone may ask again.
        .layer(TraceLayer::new_for_http().on_failure(()))
}
