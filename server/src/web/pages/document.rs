//! Rendering of whole documents, one after another.

use axum::{
    body::{Body, to_bytes},
    extract::{FromRef, FromRequestParts, Request},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use leptos::{IntoView, nonce::use_nonce, prelude::expect_context};
use leptos_axum::ResponseOptions;
use madang_common::user::UserView;

use crate::{
    chat::Chat,
    net::limits::{Limits, Rendering, Subject},
    web::{
        current_user::CurrentUser,
        forms::redirect,
        middleware::{
            compression,
            security_headers::{self, Sources},
        },
    },
};

/// The turn of a page to be made. A handler that has it first reads nothing before.
pub(super) struct Turn {
    _rendering: Rendering,
}

impl<S> FromRequestParts<S> for Turn
where
    S: Send + Sync,
    Limits: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match Limits::from_ref(state).rendering(parts.extensions.get().copied()).await {
            Ok(rendering) => Ok(Self { _rendering: rendering }),
            Err(fault) => Err(redirect::plain(&fault)),
        }
    }
}

/// The turn of a page that is made for the person who asks for it.
pub(super) struct OwnTurn {
    pub(super) me: UserView,
    _turn: Turn,
}

impl<S> FromRequestParts<S> for OwnTurn
where
    S: Send + Sync,
    Limits: FromRef<S>,
    Chat: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let turn = Turn::from_request_parts(parts, state).await?;
        let CurrentUser(me) = CurrentUser::from_request_parts(parts, state).await?;
        let may = Limits::from_ref(state).may_make_page_for(Subject::User(me.id));
        may.map_err(|fault| redirect::plain(&fault))?;
        Ok(Self { me, _turn: turn })
    }
}

/// Whether a page may be compressed: one that holds a secret may not, see `compressed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compress {
    Yes,
    No,
}

/// A page by its view, which finds `context` provided. Its policy has the nonce of this very page, and what `sources`
/// makes of it.
pub(super) async fn document<V: IntoView + 'static>(
    request: Request,
    sources: Sources,
    compress: Compress,
    context: impl Fn() + Clone + Send + Sync + 'static,
    view: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> Response {
    let sockets = security_headers::sockets(request.headers());
    let asked = request.headers().clone();
    let view = move || {
        let policy = security_headers::of_page(sources, use_nonce().as_deref(), &sockets);
        expect_context::<ResponseOptions>().insert_header(header::CONTENT_SECURITY_POLICY, policy);
        view()
    };
    let page = leptos_axum::render_app_async_with_context(context, view);
    let (mut parts, body) = page(request).await.into_parts();
    // As a whole: what the rest of it is made of is read before the next page has its turn.
    let Ok(html) = to_bytes(body, usize::MAX).await else {
        tracing::error!("a page could not be made");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // A page shows what one person may see, at one moment.
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match compress {
        Compress::Yes => compression::answer(parts, html, &asked),
        Compress::No => Response::from_parts(parts, Body::from(html)),
    }
}
