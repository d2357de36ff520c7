//! Route tables, each route with the rate limit that it counts towards.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    extract::{MatchedPath, OriginalUri, Request},
    handler::Handler,
    http::Method,
    response::IntoResponse,
    routing::{MethodRouter, get},
};

use super::forms::redirect;
use crate::{net::limits::Kind, state::AppState};

/// Routes with their kinds. There is no way to add one without a kind: a path that nobody counts can be asked for
/// without an end.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<AppState>,
    kinds: HashMap<String, Kind>,
}

/// The kind of each route; a cheap handle.
#[derive(Clone)]
pub(crate) struct Kinds(Arc<HashMap<String, Kind>>);

impl Routes {
    /// A route, and what reading from it counts as. Whatever is posted counts as a form.
    pub(crate) fn route(mut self, path: &str, kind: Kind, methods: MethodRouter<AppState>) -> Self {
        self.kinds.insert(path.to_owned(), kind);
        self.router = self.router.route(path, methods);
        self
    }

    /// A page. Its address with a slash at the end leads to it.
    pub(crate) fn page<T: 'static>(self, path: &str, page: impl Handler<T, AppState>) -> Self {
        let routes = self.route(path, Kind::Page, get(page));
        if path.ends_with('/') { routes } else { routes.route(&format!("{path}/"), Kind::Page, get(without_slash)) }
    }

    /// A form, which is posted.
    pub(crate) fn form(self, path: &str, form: MethodRouter<AppState>) -> Self {
        self.route(path, Kind::Form, form)
    }

    /// Both tables in one.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.kinds.extend(other.kinds);
        self.router = self.router.merge(other.router);
        self
    }

    /// The routes to serve, and their kinds.
    pub(crate) fn into_parts(self) -> (Router<AppState>, Kinds) {
        (self.router, Kinds(Arc::new(self.kinds)))
    }
}

impl Kinds {
    /// What a request counts as by its route. What has no route is answered with a page.
    pub(crate) fn of(&self, request: &Request) -> Kind {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Kind::Form;
        }
        let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        route.and_then(|route| self.0.get(route)).copied().unwrap_or(Kind::Page)
    }
}

/// Leads to the same address without the slash at its end. It begins with what the route begins with, so it is never
/// another host's, as `//evil.example` would be.
async fn without_slash(OriginalUri(uri): OriginalUri) -> impl IntoResponse {
    let path = uri.path().strip_suffix('/').unwrap_or(uri.path());
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    redirect::for_good(&format!("{path}{query}"))
}
