//! The router: all routes, and the layers that every request passes.

use axum::{
    Router, middleware,
    routing::{MethodRouter, any_service, get, post},
};
use madang_common::route;
use tower_http::trace::TraceLayer;

use crate::{
    compat::{demo_pages, engineio_v3},
    net::limits::Kind,
    realtime::socketio::service::{self, SocketIoServer},
    state::AppState,
    web::{
        assets, client_library,
        forms::{account, message, room, settings},
        health,
        middleware::{
            buffer_body, cors, detach, engineio, handshake, host_check, origin_check, rate_limit, security_headers,
            session_token,
        },
        pages,
        routes::Routes,
        upgrade,
    },
};

pub(crate) mod websocket;

/// Where a form is posted and what is not a page.
fn routes() -> Routes {
    Routes::default()
        .route(route::HEALTH, Kind::Health, get(health::health))
        .form(route::JOIN, post(account::join))
        .form(route::LEAVE, post(account::leave))
        .form(route::ROOMS, post(room::create))
        .form(route::JOIN_ROOM, post(room::join))
        .form(route::LEAVE_ROOM, post(room::leave))
        .form(route::MESSAGES, post(message::post))
        .form(route::EDIT_MESSAGE, post(message::edit))
        .form(route::DELETE_MESSAGE, post(message::delete))
        .form(route::SETTINGS, post(settings::save))
}

/// Everything under one roof: pages, forms, the Socket.IO server, and the plain WebSocket that `plain` opens.
pub(crate) fn router(state: AppState, socket_io: SocketIoServer, plain: MethodRouter) -> Router {
    client_library::warn_if_absent();
    assets::warn_if_absent();
    let (router, kinds) = routes()
        .merge(demo_pages::routes())
        .merge(pages::routes())
        .merge(pages::learn::routes())
        .merge(assets::routes())
        .route(route::WEB_SOCKET, Kind::Handshake, any_service(plain.clone()))
        .into_parts();
    router
        .fallback(pages::not_found::nowhere)
        .with_state(state.clone())
        .layer(middleware::from_fn_with_state(plain, upgrade::at_root))
        .layer(middleware::from_fn_with_state(socket_io, service::serve))
        .layer(middleware::from_fn(engineio::guarded))
        .layer(middleware::from_fn(engineio_v3::help))
        // Before the Socket.IO server sees a request, which it keeps as long as the connection lasts.
        .layer(middleware::map_request(detach::detach))
        .layer(middleware::from_fn_with_state(state.clone(), buffer_body::buffer_body))
        .layer(middleware::from_fn(client_library::serve))
        .layer(middleware::from_fn(handshake::web_socket))
        .layer(middleware::from_fn_with_state((state.clone(), kinds), rate_limit::rate_limit))
        .layer(middleware::from_fn_with_state(state.cookie.clone(), session_token::session_token))
        .layer(middleware::from_fn(cors::cors))
        .layer(middleware::from_fn_with_state(state.clone(), origin_check::origin_check))
        .layer(middleware::from_fn_with_state(state.clone(), host_check::host_check))
        .layer(middleware::from_fn(handshake::host))
        .layer(middleware::from_fn_with_state(state, security_headers::security_headers))
        // Without a line for each answer of 5xx: what failed has been logged where it did, and anyone may ask again.
        .layer(TraceLayer::new_for_http().on_failure(()))
}
