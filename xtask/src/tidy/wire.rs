//! What goes over the wire is named once: events and URLs in `common`, socket rooms in the server's `publish`.

use super::{
    Finding, Source,
    tokens::{Token, Word},
};

/// Who may write a name of the wire.
const ALLOWED: [&str; 4] = ["common", "server/src/publish", "server/src/publish.rs", "xtask"];

/// Where URLs stand, and who may not write them anywhere else. The learn pages know nothing of `common`.
const ROUTES: &str = "common/src/route.rs";
const WITHOUT_URLS: [&str; 3] = ["app", "client", "server"];

/// How the keys of socket rooms start.
const ROOM_KEYS: [&str; 5] = ["room:", "user:", "dialect:", "joined:", "outlet:"];

/// The names in common's event files: what its constants `NAME` and `NAMESPACE` hold.
pub(super) fn event_names(sources: &[Source]) -> Vec<String> {
    let events = sources.iter().filter(|source| source.is_in("common/src/event"));
    events.flat_map(|source| constants(&source.tokens, |name| ["NAME", "NAMESPACE"].contains(&name))).collect()
}

/// The URLs in common's table of routes, but for that of the join page, which is any site's root.
pub(super) fn routes(sources: &[Source]) -> Vec<String> {
    let tables = sources.iter().filter(|source| source.is_in(ROUTES));
    let all = tables.flat_map(|source| constants(&source.tokens, |_| true));
    all.filter(|url| url.starts_with('/') && url != "/").collect()
}

fn constants(tokens: &[Token], is_asked_for: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let is_declared =
            token.ident().is_some_and(&is_asked_for) && index > 0 && tokens[index - 1].ident() == Some("const");
        if is_declared {
            let value =
                tokens[index..].iter().take_while(|token| token.word != Word::Punct(';')).find_map(Token::text);
            found.extend(value.map(str::to_owned));
        }
    }
    found
}

/// Finds names of the wire in other places. Tests are clients too and may write them.
pub(super) fn check(source: &Source, event_names: &[String], routes: &[String]) -> Vec<Finding> {
    if source.is_test() || ALLOWED.iter().any(|place| source.is_in(place)) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for token in &source.tokens {
        let Some(text) = token.text() else { continue };
        if event_names.iter().any(|name| name == text) {
            findings.push(Finding::new(
                source,
                token.line,
                format!("\"{text}\" is an event's name: use common's constant"),
            ));
        }
        if WITHOUT_URLS.iter().any(|place| source.is_in(place)) && routes.iter().any(|url| url == text) {
            findings.push(Finding::new(
                source,
                token.line,
                format!("\"{text}\" is a URL: use its constant in {ROUTES}"),
            ));
        }
        if source.is_in("server") && ROOM_KEYS.iter().any(|key| text.starts_with(key)) {
            findings.push(Finding::new(
                source,
                token.line,
                format!("\"{text}\" is a socket room's key: only publish names them"),
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        let text = "impl X for Y { const NAME: &'static str = \"message.post\"; }\nfn f() { g(\"other\") }";
        event_names(&[Source::rust("common/src/event/message.rs", text)])
    }

    #[test]
    fn the_constants_are_found() {
        assert_eq!(names(), ["message.post"]);
    }

    #[test]
    fn an_events_name_stands_in_common_only() {
        let text = "fn f() { emit(\"message.post\"); log(\"message.posted\") }\n// \"message.post\"";
        assert_eq!(check(&Source::rust("server/src/realtime/events/mod.rs", text), &names(), &[]).len(), 1);
        assert!(check(&Source::rust("server/tests/it/post.rs", text), &names(), &[]).is_empty());
    }

    #[test]
    fn a_url_stands_in_the_table_of_routes_only() {
        let table = "/// Doc\npub const JOIN: &str = \"/join\";\npub const JOIN_PAGE: &str = \"/\";\nfn f() { g(\"/other\") }";
        let routes = routes(&[Source::rust(ROUTES, table)]);
        assert_eq!(routes, ["/join"]);
        let text = "fn f() { to(\"/\"); post(\"/join\") }";
        assert_eq!(check(&Source::rust("server/src/web/forms/account.rs", text), &[], &routes).len(), 1);
        assert_eq!(check(&Source::rust("app/src/pages/join.rs", text), &[], &routes).len(), 1);
        assert!(check(&Source::rust("server/tests/it/forms.rs", text), &[], &routes).is_empty());
    }

    #[test]
    fn a_socket_rooms_key_stands_in_publish_only() {
        let text = "fn f() { to(format!(\"room:{id}\")) }";
        assert_eq!(check(&Source::rust("server/src/realtime/events/mod.rs", text), &[], &[]).len(), 1);
        assert!(check(&Source::rust("server/src/publish/key.rs", text), &[], &[]).is_empty());
    }
}
