//! Pages: the data of the first paint is read, then the UI is rendered from it.

use any_spawner::Executor;
use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use leptos::prelude::provide_context;
use madang_app::{
    backend::{FirstPaint, LANG_COOKIE, RequestAddress, THEME_COOKIE, Theme},
    shell::shell,
};
use madang_common::{fault::FaultCode, room::RoomSummary, route, user::UserView};

use super::{
    assets,
    current_user::SessionOf,
    forms::redirect::{plain, room_path, to},
    language,
    middleware::security_headers::Sources,
    pages::document::{Compress, OwnTurn, Turn, document},
    routes::Routes,
};
use crate::{
    chat::{Chat, CurrentSession},
    error::Refusal,
    names,
    net::limits::Subject,
    secret,
    state::AppState,
};

mod document;
pub(crate) mod learn;
pub(crate) mod not_found;
mod room_list;

/// The routes of the pages.
pub(crate) fn routes() -> Routes {
    // Rendering spawns tasks, to be run where the server's own are.
    if let Err(error) = Executor::init_tokio() {
        tracing::debug!(%error, "another server of this process has set it up");
    }
    Routes::default()
        .page(route::JOIN_PAGE, join)
        .page(route::ROOMS, room_list::all)
        .page(route::NEW_ROOM, new_room)
        .page(route::ROOM, room)
}

/// `GET /`: the page where one joins; whoever has joined goes on to the lobby.
async fn join(
    State(state): State<AppState>,
    _turn: Turn,
    SessionOf(session): SessionOf,
    jar: CookieJar,
    request: Request,
) -> Response {
    let mut paint = look(request.headers());
    paint.join_key = Some(state.join_keys.issue());
    match session {
        CurrentSession::SignedIn(_) => return to(route::LOBBY).into_response(),
        CurrentSession::Nameless(_) => paint.nameless = true,
        CurrentSession::None => {}
    }
    paint.probe = true;
    (jar.add(state.cookie.probe()), render(StatusCode::OK, paint, request).await).into_response()
}

/// `GET /rooms/new`
async fn new_room(turn: OwnTurn, State(state): State<AppState>, request: Request) -> Response {
    let paint = look(request.headers());
    match signed_in(&state.chat, turn.me.clone(), None, paint).await {
        Ok(paint) => render(StatusCode::OK, paint, request).await,
        Err(refusal) => plain(&refusal.into_fault("reading the rooms for a page")),
    }
}

/// `GET /r/{slug}`: the room for its members, the way in for others.
async fn room(turn: OwnTurn, State(state): State<AppState>, Path(slug): Path<String>, request: Request) -> Response {
    let paint = look(request.headers());
    match open_room(&state, turn.me.clone(), &slug, paint).await {
        Ok((StatusCode::NOT_FOUND, paint)) => match elsewhere(&paint, &slug) {
            Some(path) => to(&path).into_response(),
            None => render(StatusCode::NOT_FOUND, paint, request).await,
        },
        Ok((status, paint)) => render(status, paint, request).await,
        Err(refusal) => plain(&refusal.into_fault("reading a room for a page")),
    }
}

async fn open_room(
    state: &AppState,
    me: UserView,
    slug: &str,
    paint: FirstPaint,
) -> Result<(StatusCode, FirstPaint), Refusal> {
    let user = me.id;
    let mut paint = signed_in(&state.chat, me, Some(slug), paint).await?;
    let here = |summary: &&RoomSummary| summary.room.slug.as_str() == slug;
    let Some(summary) = paint.rooms.iter().find(here) else { return Ok((StatusCode::NOT_FOUND, paint)) };
    match state.chat.open(user, summary.room.id).await {
        Ok(snapshot) => {
            paint.open = Some(snapshot);
            paint.form_client_id = Some(secret::client_id(state.config.clock.now()));
        }
        // One may look at what a room is called before one joins it.
        Err(Refusal::Fault(fault)) if fault.code == FaultCode::NotAMember => {}
        Err(refusal) => return Err(refusal),
    }
    Ok((StatusCode::OK, paint))
}

/// The address of the room whose slug was written in parts, as programs on macOS write it.
fn elsewhere(paint: &FirstPaint, slug: &str) -> Option<String> {
    let composed = names::composed(slug);
    let is_there = composed != slug && paint.rooms.iter().any(|summary| summary.room.slug.as_str() == composed);
    is_there.then(|| room_path(&composed))
}

/// The language and the theme of a page.
pub(crate) fn look(headers: &HeaderMap) -> FirstPaint {
    let jar = CookieJar::from_headers(headers);
    let chosen = jar.get(LANG_COOKIE).map(|cookie| cookie.value().to_owned());
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    FirstPaint {
        lang: language::choose(chosen.as_deref(), accepted).to_owned(),
        theme: jar.get(THEME_COOKIE).map(|cookie| Theme::parse(cookie.value())).unwrap_or_default(),
        ..FirstPaint::default()
    }
}

async fn signed_in(chat: &Chat, me: UserView, shown: Option<&str>, paint: FirstPaint) -> Result<FirstPaint, Refusal> {
    let (rooms, rooms_left_out) = room_list::listed(chat.summaries(me.id).await?, shown);
    Ok(FirstPaint { me: Some(me), rooms, rooms_left_out, ..paint })
}

async fn render(status: StatusCode, paint: FirstPaint, request: Request) -> Response {
    let Some(assets) = assets::assets(assets::Bundle::Chat) else { return assets::missing() };
    let address = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let reader = paint.me.as_ref().map(|me| Subject::User(me.id));
    // Only the page where one joins holds a key, and it is small.
    let compress = if paint.me.is_some() { Compress::Yes } else { Compress::No };
    let context = move || {
        provide_context(paint.clone());
        provide_context(RequestAddress(address.clone()));
    };
    let mut response = document(request, Sources::WasmAndStyles, compress, context, move || shell(&assets)).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    // Whom the bytes count against.
    if let Some(reader) = reader {
        response.extensions_mut().insert(reader);
    }
    response
}
