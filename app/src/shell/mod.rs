//! The HTML document around the app, rendered on the server only.

mod all_rooms;
mod skeleton;

use madang_common::route;
use std::sync::LazyLock;

use lean::RwSignal;
use leptos::{hydration::AutoReload, nonce::use_nonce, prelude::*};

use self::{all_rooms::AllRooms, skeleton::Skeleton};
use crate::{
    App,
    backend::{FirstPaint, RoomsPage, Theme},
    pages::not_found::NotFound,
    texts::{I18n, text},
    ui::title::TitleOfDocument,
};

/// The script that brings the page to life, without its comments.
static START: LazyLock<String> = LazyLock::new(|| {
    let code = include_str!("start.js").lines().map(str::trim_start);
    code.filter(|line| !line.is_empty() && !line.starts_with("//")).collect::<Vec<_>>().join("\n")
});

/// Where the browser finds the UI's files: paths from the root, with hashed names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    pub js: String,
    pub wasm: String,
    pub css: String,
}

/// The whole document. Wants a nonce, the [`FirstPaint`] and the [`RequestAddress`](crate::backend::RequestAddress) as contexts.
#[must_use]
pub fn shell(assets: &Assets) -> impl IntoView + use<> {
    let paint = expect_context::<FirstPaint>();
    let nonce = use_nonce();
    // Drawn before the head is, since it knows the title.
    let title = RwSignal::new(String::new());
    provide_context(TitleOfDocument(title));
    let page = view! { <App/> }.to_html();
    // News is what whoever has joined waits for; others find nothing missing.
    let notice = paint.me.as_ref().map(|_| not_live(I18n::new(std::slice::from_ref(&paint.lang))));
    let start = start(assets, Skeleton::of(&page), notice.as_deref());
    let body = match &notice {
        // After the page: what is hydrated begins with the body's first node.
        Some(notice) => [&page, "<noscript>", notice, "</noscript>"].concat(),
        None => page,
    };
    view! {
        <!DOCTYPE html>
        <html lang=paint.lang.clone() data-theme=paint.theme.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"/>
                <meta name="color-scheme" content="light dark"/>
                // Phones would make links of numbers in messages.
                <meta name="format-detection" content="telephone=no, date=no, address=no, email=no"/>
                <link rel="stylesheet" href=assets.css.clone()/>
                <link rel="icon" href=route::ICON type="image/svg+xml"/>
                <link rel="modulepreload" href=assets.js.clone()/>
                <link rel="preload" href=assets.wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin=""/>
                <AutoReload options=LeptosOptions::builder().output_name("madang").build()/>
                <script type="module" nonce=nonce inner_html=start></script>
                // A title has no markup in it, not even the marks that a text among elements gets.
                <title inner_html=escaped(&title.get_untracked())></title>
            </head>
            <body inner_html=body></body>
        </html>
    }
}

/// The document for an address that leads nowhere, which is the same for everyone.
#[must_use]
pub fn nowhere(css: Option<&str>, lang: &str, theme: Theme) -> String {
    without_script(css, lang, theme, || view! { <NotFound/> }.to_html())
}

/// The document with a part of the list of all rooms.
#[must_use]
pub fn all_rooms(css: Option<&str>, lang: &str, theme: Theme, part: RoomsPage) -> String {
    without_script(css, lang, theme, || view! { <AllRooms part/> }.to_html())
}

/// A document that has no script, and links to pages that have.
fn without_script(css: Option<&str>, lang: &str, theme: Theme, draw: impl FnOnce() -> String) -> String {
    Owner::new().with(|| {
        provide_context(I18n::new(&[lang.to_owned()]));
        let title = RwSignal::new(String::new());
        provide_context(TitleOfDocument(title));
        let page = draw();
        let document = view! {
            <!DOCTYPE html>
            <html lang=lang.to_owned() data-theme=theme.as_str()>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                    <meta name="color-scheme" content="light dark"/>
                    {css.map(|css| view! { <link rel="stylesheet" href=css.to_owned()/> })}
                    <link rel="icon" href=route::ICON type="image/svg+xml"/>
                    <title inner_html=escaped(&title.get_untracked())></title>
                </head>
                <body inner_html=page></body>
            </html>
        };
        document.to_html()
    })
}

/// The inline script: what it needs to know, then [`START`].
fn start(assets: &Assets, Skeleton { nodes, hash }: Skeleton, notice: Option<&str>) -> String {
    let Assets { js, wasm, .. } = assets;
    let notice = serde_json::Value::from(notice);
    // In a script element, the characters that open a tag or a comment stand for themselves nowhere.
    let notice = notice.to_string().replace('<', "\\u003c");
    format!("const js='{js}',wasm='{wasm}',sent={{nodes:{nodes},hash:{hash}}},notice={notice};\n{}", *START)
}

/// The sentence that the page does not follow the news, with a way to see it.
fn not_live(i18n: I18n) -> String {
    let sentence = escaped(&text!(i18n, not_live.sentence));
    let reload = escaped(&text!(i18n, not_live.reload));
    // An empty address is the page's own.
    format!("<div id=\"not-live\" role=\"status\"><p>{sentence}</p><a class=\"button\" href=\"\">{reload}</a></div>")
}

/// A text as it stands between two tags.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_chose_stays_text() {
        assert_eq!(escaped("</title><script>&lt;"), "&lt;/title>&lt;script>&amp;lt;");
    }

    #[test]
    fn the_script_cannot_be_left_by_what_is_in_it() {
        let assets = Assets { js: "/a.js".to_owned(), wasm: "/a.wasm".to_owned(), css: String::new() };
        let script = start(&assets, Skeleton::of("<p></p>"), Some("</script><!--\"'"));
        assert!(script.contains(r#"notice="\u003c/script>\u003c!--\"'";"#), "{script}");
        assert!(!script.contains("</") && !script.contains("<!--") && !script.contains("//"), "{script}");
    }

    #[test]
    fn without_a_notice_there_is_none() {
        let assets = Assets { js: String::new(), wasm: String::new(), css: String::new() };
        assert!(start(&assets, Skeleton::default(), None).contains("notice=null;"));
    }
}
