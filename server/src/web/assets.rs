//! Assets: the UI's scripts, Wasm and styles, embedded in the binary and served under `/pkg`, and the icon.
//!
//! A debug build reads them from the disk instead, so that `cargo leptos watch` shows each change.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use madang_app::shell::Assets;
use madang_common::route;
use rust_embed::RustEmbed;

use super::{encoding::accepted, routes::Routes};
use crate::net::limits::Kind;

#[derive(RustEmbed)]
#[folder = "../target/site"]
// Tests of the server alone run before a UI has been built.
#[allow_missing = true]
#[exclude = "*.ts"]
#[exclude = "*.ts.br"]
#[exclude = "*.ts.gz"]
struct Site;

/// Names under `/pkg` hold a hash of the content, so what was fetched once is never asked for again.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const FOR_AN_HOUR: &str = "public, max-age=3600";

/// The two bundles of the site, each with pages of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bundle {
    Chat,
    Learn,
}

impl Bundle {
    /// What the names of its files begin with.
    fn prefix(self) -> &'static str {
        match self {
            Self::Chat => "pkg/madang.",
            Self::Learn => "pkg/learn.",
        }
    }
}

const ABSENT: &str =
    "This server was built without its pages. `cargo xtask build` builds them first, then the server.\n";

/// Says in the log what each page would say.
pub(crate) fn warn_if_absent() {
    if assets(Bundle::Chat).is_none() {
        tracing::warn!("{}", ABSENT.trim_end());
    }
}

/// What a page says whose bundle has not been built.
pub(crate) fn missing() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, ABSENT).into_response()
}

/// Where the pages find a bundle's files, if it has been built.
pub(crate) fn assets(bundle: Bundle) -> Option<Assets> {
    // Builds leave the files of earlier ones behind, under other hashes.
    let named = |ending: &str| {
        Site::iter()
            .filter(|path| path.starts_with(bundle.prefix()) && path.ends_with(ending))
            .max_by_key(|path| Site::get(path).and_then(|file| file.metadata.last_modified()))
            .map(|path| format!("/{path}"))
    };
    Some(Assets { js: named(".js")?, wasm: named(".wasm")?, css: named(".css")? })
}

/// A file of the built UI.
pub(crate) struct Embedded {
    pub(crate) data: Cow<'static, [u8]>,
    pub(crate) sha256: [u8; 32],
}

/// The file at a path in the site folder.
pub(crate) fn embedded(path: &str) -> Option<Embedded> {
    Site::get(path).map(|file| Embedded { sha256: file.metadata.sha256_hash(), data: file.data })
}

/// A file in the form that goes out.
pub(crate) struct Form {
    pub(crate) body: Body,
    /// Of these very bytes.
    pub(crate) sha256: [u8; 32],
    pub(crate) encoding: Option<HeaderValue>,
}

/// The form of the file at a path that the browser takes: compressed, or else as it is.
pub(crate) fn form(path: &str, headers: &HeaderMap, find: impl Fn(&str) -> Option<Embedded>) -> Option<Form> {
    let forms = accepted(headers).into_iter();
    let (encoding, Embedded { data, sha256 }) =
        forms.filter_map(|form| Some((form.header(), find(&format!("{path}{}", form.ending()))?))).next()?;
    let body = match data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    Some(Form { body, sha256, encoding })
}

/// The routes of the files. What stands in `assets` has a line here.
pub(crate) fn routes() -> Routes {
    Routes::default().route(route::FILES, Kind::File, get(serve)).route(route::ICON, Kind::File, get(serve))
}

async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    file(&uri, &headers).unwrap_or_else(|| (StatusCode::NOT_FOUND, "There is no such file.\n").into_response())
}

/// The file at an address.
fn file(uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    let path = uri.path().trim_start_matches('/');
    let content_type = content_type(path)?;
    let Form { body, encoding, .. } = form(path, headers, embedded)?;
    let mut response = (StatusCode::OK, body).into_response();
    let cache = if path.starts_with("pkg/") { FOR_EVER } else { FOR_AN_HOUR };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response.headers_mut().extend(encoding.map(|encoding| (header::CONTENT_ENCODING, encoding)));
    Some(response)
}

/// The types of what a UI is made of; nothing else is served.
fn content_type(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A site of one file, in these forms.
    fn sent(forms: &[&str], accepted: &'static str) -> (Option<HeaderValue>, u8) {
        let find = |path: &str| {
            let ending = path.strip_prefix("x.js")?;
            let place = forms.iter().position(|form| *form == ending)?;
            Some(Embedded { data: Cow::Borrowed(b"x"), sha256: [u8::try_from(place).ok()?; 32] })
        };
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
        let Form { encoding, sha256, .. } = form("x.js", &headers, find).expect("a form");
        (encoding, sha256[0])
    }

    #[test]
    fn the_smallest_form_is_sent_that_there_is_and_that_is_taken() {
        let all = ["", ".br", ".gz"];
        assert_eq!(sent(&all, "gzip, deflate, br"), (Some(HeaderValue::from_static("br")), 1));
        assert_eq!(sent(&all, "gzip, deflate"), (Some(HeaderValue::from_static("gzip")), 2));
        assert_eq!(sent(&all, "gzip;q=0"), (None, 0));
        assert_eq!(sent(&["", ".gz"], "gzip, br"), (Some(HeaderValue::from_static("gzip")), 1));
        assert_eq!(sent(&[""], "gzip, br"), (None, 0));
    }

    #[test]
    fn only_what_a_ui_is_made_of_has_a_type() {
        assert_eq!(content_type("pkg/madang.abc.wasm"), Some("application/wasm"));
        assert_eq!(content_type("pkg/madang.abc.wasm.br"), None);
        assert_eq!(content_type("madang.db"), None);
    }
}
