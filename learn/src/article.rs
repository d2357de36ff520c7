//! Articles: the longer texts of the pages, a Markdown file for each note and language, as HTML. Each heading begins a
//! section, so that a wide page can put them side by side.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, html};

use crate::{state::note::Note, texts::i18n::Locale};

/// What a page has to say, as HTML.
pub(crate) fn html(note: Note, locale: Locale) -> String {
    let is_heading = |event: &Event<'_>| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }));
    let mut sections: Vec<Vec<Event<'_>>> = Vec::new();
    for event in Parser::new_ext(markdown(note, locale), Options::ENABLE_TABLES) {
        if is_heading(&event) || sections.is_empty() {
            sections.push(Vec::new());
        }
        if let Some(section) = sections.last_mut() {
            section.push(event);
        }
    }
    let mut text = String::new();
    for section in sections {
        text.push_str("<section>");
        html::push_html(&mut text, section.into_iter());
        text.push_str("</section>");
    }
    text
}

fn markdown(note: Note, locale: Locale) -> &'static str {
    match (note, locale) {
        (Note::QuickChat, Locale::en) => include_str!("../articles/quick-chat.en.md"),
        (Note::QuickChat, Locale::ko) => include_str!("../articles/quick-chat.ko.md"),
        (Note::SessionChat, Locale::en) => include_str!("../articles/session-chat.en.md"),
        (Note::SessionChat, Locale::ko) => include_str!("../articles/session-chat.ko.md"),
        (Note::Sockets, Locale::en) => include_str!("../articles/sockets.en.md"),
        (Note::Sockets, Locale::ko) => include_str!("../articles/sockets.ko.md"),
        (Note::Rooms, Locale::en) => include_str!("../articles/rooms.en.md"),
        (Note::Rooms, Locale::ko) => include_str!("../articles/rooms.ko.md"),
        (Note::WebSocket, Locale::en) => include_str!("../articles/websocket.en.md"),
        (Note::WebSocket, Locale::ko) => include_str!("../articles/websocket.ko.md"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_parts() {
        let parts = |html: &str| ["<section><h2>", "<li>", "<pre>", "<table>"].map(|tag| html.matches(tag).count());
        for note in Note::ALL {
            let (en, ko) = (html(note, Locale::en), html(note, Locale::ko));
            assert_eq!(parts(&en), parts(&ko), "{note:?}");
            assert!(parts(&en)[0] >= 2, "{note:?} has headings");
        }
    }
}
