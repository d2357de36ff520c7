//! What is said to a request that is not served at all: a small page for browsers, a sentence for programs. It does
//! without the UI, whose files are refused just the same.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use super::pages::look;

/// A text in both languages.
pub(super) struct Text {
    pub(super) en: String,
    pub(super) ko: String,
}

/// The refusal of a request with these headers. The first paragraph says what is the matter, the others what to do.
pub(super) fn refused(status: StatusCode, headers: &HeaderMap, paragraphs: &[Text]) -> Response {
    let is_browser = headers.get_all(header::ACCEPT).iter().any(|accept| {
        let accept = accept.to_str().unwrap_or_default();
        accept.split(',').any(|range| range.trim().starts_with("text/html"))
    });
    if !is_browser {
        let sentences: Vec<&str> = paragraphs.iter().map(|text| text.en.as_str()).collect();
        return (status, format!("{}\n", sentences.join(" "))).into_response();
    }
    let lang = look(headers).lang;
    let body: String = paragraphs
        .iter()
        .map(|text| format!("<p>{}</p>\n", escape(if lang == "ko" { &text.ko } else { &text.en })))
        .collect();
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Madang</title>\n</head>\n\
         <body>\n<h1>Madang</h1>\n{body}</body>\n</html>\n"
    );
    (status, [(header::CACHE_CONTROL, "no-store")], Html(page)).into_response()
}

/// A text as it may stand in a page.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    async fn said(headers: &[(header::HeaderName, &'static str)]) -> (Response<()>, String) {
        let headers = headers.iter().map(|(name, value)| (name.clone(), header::HeaderValue::from_static(value)));
        let text = Text { en: "No <b>.".to_owned(), ko: "안 <b>.".to_owned() };
        let (parts, body) = refused(StatusCode::FORBIDDEN, &headers.collect(), &[text]).into_parts();
        let body = to_bytes(body, 10_000).await.expect("a body");
        (Response::from_parts(parts, ()), String::from_utf8(body.to_vec()).expect("UTF-8"))
    }

    #[tokio::test]
    async fn browsers_get_a_page_in_their_language_and_programs_a_sentence() {
        let accept = (header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8");
        let (answer, page) = said(&[accept.clone(), (header::ACCEPT_LANGUAGE, "ko-KR,en;q=0.5")]).await;
        assert_eq!(answer.status(), 403);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert!(page.contains("<html lang=\"ko\">") && page.contains("<p>안 &lt;b&gt;.</p>"), "{page}");
        assert!(said(&[accept]).await.1.contains("<p>No &lt;b&gt;.</p>"));
        assert_eq!(said(&[(header::ACCEPT, "*/*")]).await.1, "No <b>.\n");
        assert_eq!(said(&[]).await.1, "No <b>.\n");
    }
}
