//! The response for URLs that do not exist: a small page, rendered once.
//!
//! Anyone can ask for any number of addresses, so it reads nothing, holds nothing of who asks but their language and
//! theme, and starts no script.

use std::sync::LazyLock;

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use madang_app::{backend::Theme, shell};

use crate::web::{
    assets,
    language::LANGUAGES,
    middleware::security_headers::{self, Sources},
    pages,
};

/// The page in each language and each theme.
static PAGES: LazyLock<Vec<(&'static str, Theme, Bytes)>> = LazyLock::new(|| {
    let css = assets::assets(assets::Bundle::Chat).map(|assets| assets.css);
    let themes = [Theme::Light, Theme::Dark, Theme::System];
    let looks = LANGUAGES.into_iter().flat_map(|language| themes.map(|theme| (language, theme)));
    looks.map(|(language, theme)| (language, theme, shell::nowhere(css.as_deref(), language, theme).into())).collect()
});

/// Answers whatever has no route.
pub(crate) async fn nowhere(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let look = pages::look(request.headers());
    let page = PAGES.iter().find(|(language, theme, _)| *language == look.lang && *theme == look.theme);
    let html = page.map(|(_, _, html)| html.clone()).unwrap_or_default();
    let headers = [
        (header::CONTENT_SECURITY_POLICY, security_headers::of_page(Sources::Files, None, "")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (StatusCode::NOT_FOUND, headers, Html(Body::from(html))).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn the_page_is_small_and_speaks_the_reader_s_language() {
        for (accepted, word) in [("en", "Nothing"), ("ko", "없")] {
            let request = Request::builder().header(header::ACCEPT_LANGUAGE, accepted).body(Body::empty());
            let response = nowhere(request.expect("a request")).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND);
            let html = to_bytes(response.into_body(), 4_096).await.expect("a small page");
            let html = std::str::from_utf8(&html).expect("UTF-8");
            assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
            assert!(html.contains(&format!("<html lang=\"{accepted}\"")) && html.contains(word), "{html}");
            assert!(!html.contains("<script"), "{html}");
        }
    }
}
