//! What goes over the wire is named once: events in `common`, socket rooms in the server's `publish`.

use super::{
    Finding, Source,
    tokens::{Token, Word},
};

/// Who may write a name of the wire.
const ALLOWED: [&str; 4] = ["common", "server/src/publish", "server/src/publish.rs", "xtask"];

/// How the keys of socket rooms start.
const ROOM_KEYS: [&str; 5] = ["room:", "user:", "dialect:", "joined:", "outlet:"];

/// The names in common's event files: what its constants `NAME` and `NAMESPACE` hold.
pub(super) fn event_names(sources: &[Source]) -> Vec<String> {
    let events = sources.iter().filter(|source| source.is_in("common/src/event"));
    events.flat_map(|source| constants(&source.tokens, &["NAME", "NAMESPACE"])).collect()
}

fn constants(tokens: &[Token], names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let is_declared = token.ident().is_some_and(|name| names.contains(&name))
            && index > 0
            && tokens[index - 1].ident() == Some("const");
        if is_declared {
            let value =
                tokens[index..].iter().take_while(|token| token.word != Word::Punct(';')).find_map(Token::text);
            found.extend(value.map(str::to_owned));
        }
    }
    found
}

/// Finds names of the wire in other places. Tests are clients too and may write them.
pub(super) fn check(source: &Source, event_names: &[String]) -> Vec<Finding> {
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
        assert_eq!(check(&Source::rust("server/src/realtime/events/mod.rs", text), &names()).len(), 1);
        assert!(check(&Source::rust("server/tests/it/post.rs", text), &names()).is_empty());
    }

    #[test]
    fn a_socket_rooms_key_stands_in_publish_only() {
        let text = "fn f() { to(format!(\"room:{id}\")) }";
        assert_eq!(check(&Source::rust("server/src/realtime/events/mod.rs", text), &[]).len(), 1);
        assert!(check(&Source::rust("server/src/publish/key.rs", text), &[]).is_empty());
    }
}
