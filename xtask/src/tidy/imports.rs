//! Which module may import which, inside `server`, `app` and `learn`.

use super::{
    Finding, Source,
    tokens::{Token, Word, group, is_path_separator},
};

/// A top-level module and the top-level modules that it may import; `lib` stands for what the crate's root declares.
/// A module that is not here is a finding, so that a new one is put into its table on purpose.
type Table = &'static [(&'static str, &'static [&'static str])];

/// main → lib → router → {web, realtime, compat} → chat → {store, publish}; the others are leaves.
const SERVER: Table = &[
    (
        "lib",
        &[
            "router",
            "web",
            "realtime",
            "compat",
            "chat",
            "store",
            "publish",
            "jobs",
            "net",
            "names",
            "disk",
            "state",
            "readiness",
            "config",
            "error",
            "clock",
            "secret",
            "telemetry",
        ],
    ),
    // Every route and layer, and the way of a plain WebSocket to one protocol or another.
    ("router", &["web", "realtime", "compat", "chat", "net", "state", "config", "secret"]),
    ("web", &["chat", "net", "names", "state", "readiness", "config", "error", "clock", "secret"]),
    ("realtime", &["web", "chat", "net", "names", "state", "config", "error", "clock", "secret"]),
    ("compat", &["realtime", "web", "chat", "net", "names", "state", "config", "error", "clock", "secret"]),
    ("jobs", &["net", "config"]),
    // What /health asks.
    ("readiness", &["chat", "net", "clock"]),
    // What every handler is given.
    ("state", &["chat", "net", "readiness", "config", "clock", "secret"]),
    ("chat", &["store", "publish", "names", "net", "config", "disk", "error", "clock", "secret"]),
    ("store", &["names", "clock", "secret"]),
    ("publish", &["net", "clock"]),
    // The listener, WebSockets, rate limits.
    ("net", &["config", "clock"]),
    // What a name may be, and which are alike.
    ("names", &[]),
    // A failure of the store becomes a refusal.
    ("error", &["store"]),
    ("config", &["net", "clock", "disk"]),
    ("clock", &[]),
    ("disk", &[]),
    ("secret", &[]),
    ("telemetry", &[]),
];

/// lib → pages → {room, sidebar, ui} → {state, live}; `json` is at the bottom.
const APP: Table = &[
    ("lib", &["shell", "lazy", "pages", "room", "sidebar", "ui", "state", "live", "backend", "texts", "json"]),
    // The document around the app, which only the server renders.
    ("shell", &["lib", "pages", "ui", "backend", "texts"]),
    // Pages that are loaded when they are shown.
    ("lazy", &["pages", "live"]),
    ("pages", &["room", "sidebar", "ui", "state", "live", "backend", "texts"]),
    ("room", &["ui", "state", "live", "backend", "texts"]),
    ("sidebar", &["ui", "state", "live", "backend", "texts"]),
    ("ui", &["state", "live", "texts"]),
    ("live", &["state", "backend", "json"]),
    ("backend", &["json"]),
    ("state", &[]),
    ("texts", &[]),
    ("json", &[]),
];

/// lib → {page, workbench} → demos → parts → {live, state}; `texts` is a leaf.
const LEARN: Table = &[
    ("lib", &["page", "article", "workbench", "demos", "parts", "live", "state", "texts"]),
    // The documents, which only the server renders; `place` is the root's.
    ("page", &["lib", "article", "workbench", "state", "texts"]),
    ("article", &["state", "texts"]),
    ("workbench", &["demos", "parts", "live", "state", "texts"]),
    ("demos", &["parts", "live", "state", "texts"]),
    ("parts", &["live", "state", "texts"]),
    ("live", &["state"]),
    ("state", &[]),
    ("texts", &[]),
];

/// What the client and the state of app and learn must do without, so that they are tested without a browser.
const NOT_IN_STATE: [&str; 10] = [
    "lean",
    "leptos",
    "leptos_router",
    "leptos_meta",
    "leptos_i18n",
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "gloo_timers",
    "socketio_web",
];

/// Finds imports that go the wrong way.
pub(super) fn check(source: &Source) -> Vec<Finding> {
    let (table, inner) = match source.path.split_once("/src/") {
        Some(("server", inner)) => (SERVER, inner),
        Some(("app", inner)) => (APP, inner),
        Some(("learn", inner)) => (LEARN, inner),
        Some(("client", _)) => return without_a_browser(source),
        _ => return Vec::new(),
    };
    // main.rs is another crate: it sees what the library makes public, whatever it is.
    if source.is_test() || inner == "main.rs" {
        return Vec::new();
    }
    let path = module_path(inner);
    let own = path.first().map_or("lib", String::as_str);
    let Some((_, allowed)) = table.iter().find(|(name, _)| *name == own) else {
        return vec![Finding::new(
            source,
            1,
            format!("the module {own} must have its line in xtask/src/tidy/imports.rs"),
        )];
    };
    let mut findings = Vec::new();
    for (target, line) in references(&source.tokens, &path) {
        let module = if table.iter().any(|(name, _)| *name == target) { target.as_str() } else { "lib" };
        if module != own && !allowed.contains(&module) {
            findings.push(Finding::new(source, line, format!("{own} may not import {module} (here: {target})")));
        }
    }
    if own == "state" && (source.is_in("app") || source.is_in("learn")) {
        findings.extend(without_a_browser(source));
    }
    findings
}

fn without_a_browser(source: &Source) -> Vec<Finding> {
    let browser = |token: &Token| {
        let name = token.ident().filter(|name| NOT_IN_STATE.contains(name))?;
        Some(Finding::new(source, token.line, format!("what a client knows does without {name}")))
    };
    source.tokens.iter().filter_map(browser).collect()
}

/// The module path of a file: `chat/room.rs` and `chat/room/mod.rs` are `[chat, room]`, `lib.rs` is `[]`.
fn module_path(inner: &str) -> Vec<String> {
    let path = inner.trim_end_matches(".rs").trim_end_matches("/mod");
    if path == "lib" { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// What stands at the crate's root in each path of the file that starts at `crate` or climbs by `super`.
fn references(tokens: &[Token], path: &[String]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        let rest = &tokens[index + 1..];
        index += 1;
        match token.ident() {
            Some("crate") if is_path_separator(rest) => found.extend(heads(&rest[2..])),
            Some("super") if is_path_separator(rest) => {
                let mut climbed = 1;
                let mut after = &rest[2..];
                while after.first().and_then(Token::ident) == Some("super") && is_path_separator(&after[1..]) {
                    climbed += 1;
                    after = &after[3..];
                    index += 3;
                }
                // Below the root it is still the file's own module.
                if climbed >= path.len() {
                    found.extend(heads(after));
                }
            }
            _ => {}
        }
    }
    found
}

/// The first words of a path, or of each path of a list in braces.
fn heads(tokens: &[Token]) -> Vec<(String, usize)> {
    match tokens.first() {
        Some(Token { word: Word::Ident(name), line }) => vec![(name.clone(), *line)],
        Some(Token { word: Word::Open('{'), .. }) => {
            let mut depth = 0_usize;
            let mut at_start = true;
            let mut found = Vec::new();
            for token in group(tokens) {
                match &token.word {
                    Word::Open(_) => depth += 1,
                    Word::Close(_) => depth -= 1,
                    Word::Ident(name) if depth == 0 && at_start && name != "self" => {
                        found.push((name.clone(), token.line));
                    }
                    _ => {}
                }
                at_start = depth == 0 && token.is(',');
            }
            found
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<usize> {
        check(&Source::rust(path, text)).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn the_rules_may_call_the_store_but_not_the_handlers() {
        let text =
            "use crate::store::rooms;\nuse crate::{publish, realtime::{self, table}};\nfn f() { crate::web::g() }";
        assert_eq!(lines("server/src/chat/room.rs", text), [2, 3]);
    }

    #[test]
    fn climbing_by_super_is_seen() {
        assert_eq!(lines("server/src/store/rooms.rs", "use super::super::chat::x;\nuse super::users;"), [1]);
        assert_eq!(lines("server/src/store/mod.rs", "use super::{clock, realtime};"), [1]);
    }

    #[test]
    fn nothing_below_imports_what_the_root_declares() {
        assert_eq!(lines("server/src/realtime/events/mod.rs", "use crate::run;"), [1]);
        assert_eq!(lines("app/src/room/mod.rs", "use crate::App;"), [1]);
        assert!(lines("app/src/shell.rs", "use crate::App;").is_empty());
    }

    #[test]
    fn the_apps_state_knows_no_browser() {
        assert_eq!(lines("app/src/state/unread.rs", "use std::rc::Rc;\nuse leptos::prelude::*;"), [2]);
        assert_eq!(lines("client/src/unread.rs", "use std::rc::Rc;\nuse web_sys::Window;"), [2]);
        assert!(lines("app/src/live/mod.rs", "use crate::state::outbox;\nuse leptos::prelude::*;").is_empty());
    }

    #[test]
    fn a_new_module_has_its_line() {
        assert_eq!(lines("server/src/bots/mod.rs", ""), [1]);
    }

    #[test]
    fn tests_may_import_what_they_like() {
        assert!(lines("server/src/store/mod.rs", "#[cfg(test)]\nmod tests { use crate::realtime; }").is_empty());
    }
}
