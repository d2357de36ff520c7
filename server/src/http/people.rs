//! The forms by which one joins and leaves Madang.

use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Response},
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use madang_common::fault::FaultCode;
use serde::Deserialize;

use super::{
    CurrentUser,
    current_user::RequestToken,
    limited::Visit,
    redirect::{plain, same_site, to, with_query},
};
use crate::{
    limits::{Kind, stored},
    names,
    secret::{SESSION_COOKIE, Token},
    state::AppState,
};

const LOBBY_PATH: &str = "/r/lobby";

#[derive(Deserialize)]
pub(super) struct Join {
    name: String,
    next: Option<String>,
    /// Made with the page, so that a form that is sent twice is one person.
    key: Option<String>,
}

/// `POST /join`
pub(super) async fn join(
    State(state): State<AppState>,
    RequestToken(session): RequestToken,
    visit: Visit,
    jar: CookieJar,
    Form(form): Form<Join>,
) -> Response {
    let next = form.next.as_deref();
    let refused = |code: &str| {
        let fields = [("refused", code), ("name", &form.name), ("next", same_site(next, ""))];
        to(&with_query("/", &fields)).into_response()
    };
    let name = match names::user_name(&form.name) {
        Ok(name) => name,
        Err(error) => return refused(error.code()),
    };
    let may = visit.may(Kind::SignIn, None, None);
    if let Err(fault) = may.and_then(|()| visit.may_store(None, stored::PERSON)) {
        return plain(&fault);
    }
    let key = form.key.as_deref().and_then(|key| state.join_keys.check(key));
    match state.chat.sign_in(session, key, name).await {
        Ok(signed_in) => {
            let jar = match signed_in.token {
                Some(token) => jar.add(session_cookie(&token, state.config.secure_cookies)),
                None => jar,
            };
            (jar, to(same_site(next, LOBBY_PATH))).into_response()
        }
        Err(refusal) => match refusal.into_fault("joining") {
            fault if fault.code == FaultCode::NameTaken => refused("name_taken"),
            fault => plain(&fault),
        },
    }
}

/// `POST /leave`
pub(super) async fn leave(State(state): State<AppState>, CurrentUser(user): CurrentUser, jar: CookieJar) -> Response {
    match state.chat.sign_out(user.id).await {
        Ok(()) => (jar.remove(Cookie::build(SESSION_COOKIE).path("/")), to("/")).into_response(),
        Err(refusal) => plain(&refusal.into_fault("leaving")),
    }
}

fn session_cookie(token: &Token, secure: bool) -> Cookie<'static> {
    Cookie::build((SESSION_COOKIE, token.as_str().to_owned()))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .path("/")
        // As long as the browser likes; most keep a cookie for 400 days.
        .permanent()
        .build()
}
