//! Extractors for the user who makes a request.

use std::convert::Infallible;

use axum::{
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts},
    http::{Method, request::Parts},
    response::{IntoResponse, Response},
};
use madang_common::{route, user::UserView};

use super::forms::redirect;
use crate::{
    chat::{Chat, CurrentSession},
    net::limits::Link,
    secret::TokenHash,
};

/// The person who makes the request. Without one, the request leads to the page where one joins. As an
/// `Option<CurrentUser>` it is there or not.
#[derive(Clone, Debug)]
pub(crate) struct CurrentUser(pub UserView);

/// What stands behind the request's cookie, a nameless session included.
#[derive(Clone, Debug)]
pub(crate) struct SessionOf(pub CurrentSession);

impl<S> FromRequestParts<S> for SessionOf
where
    S: Send + Sync,
    Chat: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Some(token) = parts.extensions.get::<TokenHash>() else { return Ok(Self(CurrentSession::None)) };
        let session = Chat::from_ref(state).session(token).await;
        let session = session.map_err(|refusal| redirect::plain(&refusal.into_fault("looking up a session")))?;
        if let Some(link) = parts.extensions.get::<Link>() {
            match &session {
                CurrentSession::SignedIn(user) | CurrentSession::Nameless(user) => link.sign_in(user.id),
                CurrentSession::None => link.sign_out(),
            }
        }
        Ok(Self(session))
    }
}

impl<S> FromRequestParts<S> for CurrentUser
where
    S: Send + Sync,
    Chat: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match SessionOf::from_request_parts(parts, state).await?.0 {
            CurrentSession::SignedIn(user) => Ok(Self(user)),
            CurrentSession::Nameless(_) | CurrentSession::None => Err(to_join(parts)),
        }
    }
}

impl<S> OptionalFromRequestParts<S> for CurrentUser
where
    S: Send + Sync,
    Chat: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Response> {
        Ok(match SessionOf::from_request_parts(parts, state).await?.0 {
            CurrentSession::SignedIn(user) => Some(Self(user)),
            CurrentSession::Nameless(_) | CurrentSession::None => None,
        })
    }
}

fn to_join(parts: &Parts) -> Response {
    redirect::to(&redirect::with_query(route::JOIN_PAGE, &[("next", next(parts))])).into_response()
}

/// The page that was asked for, or that the posted form stands on.
fn next(parts: &Parts) -> &str {
    let path = parts.uri.path();
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return parts.uri.path_and_query().map_or(path, |path| path.as_str());
    }
    // A room's page is the beginning of what is posted to the room.
    route::slug_of(path).map_or("", |slug| &path[..route::with(route::ROOM, slug).len()])
}

/// The request's token, if it has one.
pub(crate) struct RequestToken(pub(crate) Option<TokenHash>);

impl<S: Send + Sync> FromRequestParts<S> for RequestToken {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get().cloned()))
    }
}
