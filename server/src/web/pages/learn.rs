//! The learn pages: their list, and a page for each note.

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use madang_common::route;
use madang_learn::{
    page::{Files, Look, Speech, page},
    state::note::Note,
};

use super::document::{Compress, Turn, document};
use crate::{
    config::Dialects,
    state::AppState,
    web::{assets, forms::redirect::to, middleware::security_headers::Sources, pages, routes::Routes},
};

/// The routes of the learn pages.
pub(crate) fn routes() -> Routes {
    Routes::default().page(route::LEARN, index).page("/learn/{slug}", note)
}

/// `GET /learn`
async fn index(_turn: Turn, State(state): State<AppState>, request: Request) -> Response {
    render(&state, None, request).await
}

/// `GET /learn/{slug}`: a note's page; its number leads to its name.
async fn note(_turn: Turn, State(state): State<AppState>, Path(slug): Path<String>, request: Request) -> Response {
    match Note::parse(&slug) {
        Some(note) if note.slug() == slug => render(&state, Some(note), request).await,
        Some(note) => to(&note.path()).into_response(),
        // The list shows what there is instead.
        None => {
            let mut response = render(&state, None, request).await;
            if response.status() == StatusCode::OK {
                *response.status_mut() = StatusCode::NOT_FOUND;
            }
            response
        }
    }
}

async fn render(state: &AppState, note: Option<Note>, request: Request) -> Response {
    let Some(assets) = assets::assets(assets::Bundle::Learn) else { return assets::missing() };
    let files = Files { js: assets.js, wasm: assets.wasm, css: assets.css };
    let look = look(request.headers());
    let speech = match state.config.dialects {
        Dialects::On => Speech::On,
        Dialects::ReadOnly => Speech::ReadOnly,
        Dialects::Off => Speech::Off,
    };
    document(request, Sources::Wasm, Compress::Yes, || {}, move || page(&files, &look, note, speech)).await
}

fn look(headers: &HeaderMap) -> Look {
    let paint = pages::look(headers);
    Look { lang: paint.lang, theme: paint.theme.as_str() }
}
