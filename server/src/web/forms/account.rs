//! Forms for signing in and out.

use axum::{
    Form,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use madang_common::{fault::FaultCode, route};
use serde::Deserialize;

use super::redirect::{plain, same_site, to, with_query};
use crate::{
    names,
    net::limits::{Kind, stored},
    state::AppState,
    web::{
        current_user::{CurrentUser, RequestToken},
        middleware::rate_limit::Visit,
    },
};

#[derive(Deserialize)]
pub(crate) struct Join {
    name: String,
    next: Option<String>,
    /// Made with the page, so that a form that is sent twice is one person.
    key: Option<String>,
    /// Says that the form stands on a page which set a cookie to see whether it comes back.
    probe: Option<String>,
}

/// `POST /join`
pub(crate) async fn join(
    State(state): State<AppState>,
    RequestToken(session): RequestToken,
    visit: Visit,
    jar: CookieJar,
    headers: HeaderMap,
    Form(form): Form<Join>,
) -> Response {
    let next = form.next.as_deref();
    let refused = |code: &str| {
        let fields = [("refused", code), ("name", &form.name), ("next", same_site(next, ""))];
        to(&with_query(route::JOIN_PAGE, &fields)).into_response()
    };
    let name = match names::user_name(&form.name) {
        Ok(name) => name,
        Err(error) => return refused(error.code()),
    };
    // A browser that keeps no cookies would get the empty form again, and the name would be taken. A program that posts
    // the form without having asked for the page says nothing of a probe.
    if form.probe.is_some() && !state.cookie.is_kept(&jar) {
        let over_https = headers.get(header::ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"https:"));
        return refused(if state.cookie.is_secure() && !over_https { "cookies_https" } else { "cookies" });
    }
    let may = visit.may(Kind::SignIn, None, None);
    if let Err(fault) = may.and_then(|()| visit.may_store(None, stored::PERSON)) {
        return plain(&fault);
    }
    let key = form.key.as_deref().and_then(|key| state.join_keys.check(key));
    match state.chat.sign_in(session, key, name).await {
        Ok(signed_in) => {
            let jar = match signed_in.token {
                Some(token) => jar.add(state.cookie.holding(token.as_str())),
                None => jar,
            };
            (state.cookie.without_probe(jar), to(same_site(next, route::LOBBY))).into_response()
        }
        Err(refusal) => match refusal.into_fault("joining") {
            fault if fault.code == FaultCode::NameTaken => refused("name_taken"),
            fault => plain(&fault),
        },
    }
}

/// `POST /leave`
pub(crate) async fn leave(State(state): State<AppState>, CurrentUser(user): CurrentUser, jar: CookieJar) -> Response {
    match state.chat.sign_out(user.id).await {
        Ok(()) => (state.cookie.taken_from(jar), to(route::JOIN_PAGE)).into_response(),
        Err(refusal) => plain(&refusal.into_fault("leaving")),
    }
}
