//! The HTML document around the app, made by the server alone.

use leptos::{hydration::AutoReload, nonce::use_nonce, prelude::*};

use crate::{
    App,
    backend::{FirstPaint, RoomsPage, Theme},
    pages::not_found::NotFound,
    reactive::RwSignal,
    texts::I18n,
    ui::title::TitleOfDocument,
};

mod all_rooms;

use all_rooms::AllRooms;

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
    let start = format!(
        "import init,{{hydrate}} from '{js}';init({{module_or_path:'{wasm}'}}).then(()=>hydrate());",
        js = assets.js,
        wasm = assets.wasm
    );
    // Drawn before the head is, since it knows the title.
    let title = RwSignal::new(String::new());
    provide_context(TitleOfDocument(title));
    let page = view! { <App/> }.to_html();
    view! {
        <!DOCTYPE html>
        <html lang=paint.lang.clone() data-theme=paint.theme.as_str()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="stylesheet" href=assets.css.clone()/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="modulepreload" href=assets.js.clone()/>
                <link rel="preload" href=assets.wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin=""/>
                <AutoReload options=LeptosOptions::builder().output_name("madang").build()/>
                <script type="module" nonce=nonce inner_html=start></script>
                <title>{title.get_untracked()}</title>
            </head>
            <body inner_html=page></body>
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
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                    // A text of the UI's own, without the marks that a text among elements gets.
                    <title inner_html=title.get_untracked()></title>
                </head>
                <body inner_html=page></body>
            </html>
        };
        document.to_html()
    })
}
