//! The small pages of the study note about a quick Flask chat: a number, an echo, and a chat page of its own.
//!
//! The page needs nothing of the UI's build but the Socket.IO client that this server serves.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};

use crate::{
    net::limits::Kind,
    web::{
        middleware::security_headers::{self, Sources},
        routes::Routes,
    },
};

const PAGE: &str = include_str!("quick_chat.html");
const SCRIPT: &str = include_str!("quick_chat.js");
const STYLE: &str = include_str!("quick_chat.css");

/// Where the page's template has the name.
const NAME: &str = "{{username}}";

/// The routes.
pub(crate) fn routes() -> Routes {
    let file = |content_type, text| get(async move || kept(content_type, text));
    Routes::default()
        .page("/random", random)
        .page("/user/{id}", user)
        .page("/html/{username}", quick_chat)
        .route("/notes/quick_chat.js", Kind::File, file("text/javascript; charset=utf-8", SCRIPT))
        .route("/notes/quick_chat.css", Kind::File, file("text/css; charset=utf-8", STYLE))
}

/// `GET /random`: a number from 1 to 100.
async fn random() -> Response {
    // That some numbers are more likely than others by one in forty million does no harm here.
    match getrandom::u32() {
        Ok(random) => ([(header::CACHE_CONTROL, "no-store")], (1 + random % 100).to_string()).into_response(),
        Err(error) => {
            tracing::error!(%error, "asking the operating system for a random number");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// `GET /user/{id}`: the id, as a page that shows just that.
async fn user(Path(id): Path<String>, headers: HeaderMap) -> Response {
    page(&headers, escaped(&id))
}

/// `GET /html/{username}`: the chat page, which greets by this name.
async fn quick_chat(Path(username): Path<String>, headers: HeaderMap) -> Response {
    page(&headers, PAGE.replace(NAME, &escaped(&username)))
}

/// A page in which no script runs that this server does not serve.
fn page(headers: &HeaderMap, html: String) -> Response {
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            security_headers::of_page(Sources::Files, None, &security_headers::sockets(headers)),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, Html(html)).into_response()
}

fn kept(content_type: &'static str, text: &'static str) -> ([(HeaderName, &'static str); 2], &'static str) {
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "public, max-age=3600")], text)
}

/// The text as HTML shows it, inside an element or a quoted attribute.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(escaped("<b title=\"'&\">지나"), "&lt;b title=&quot;&#39;&amp;&quot;&gt;지나");
    }

    #[test]
    fn the_page_has_its_places_for_the_name() {
        assert_eq!(PAGE.matches(NAME).count(), 2, "in the title and in the heading");
        assert!(PAGE.contains("<h1>Hello {{username}}.</h1>"));
    }
}
