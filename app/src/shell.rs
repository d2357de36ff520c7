//! The HTML document around the app, made by the server alone.

use leptos::{hydration::AutoReload, nonce::use_nonce, prelude::*};

use crate::{App, backend::FirstPaint, reactive::RwSignal, ui::title::TitleOfDocument};

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
    let policy = nonce.as_ref().map(|nonce| {
        // Styles carry custom properties (an avatar's hue) in attributes, which no nonce covers.
        format!(
            "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
             style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; \
             object-src 'none'; base-uri 'none'; form-action 'self'"
        )
    });
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
                <meta http-equiv="Content-Security-Policy" content=policy/>
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
