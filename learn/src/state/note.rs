//! The pages: one for each of the five study notes that Madang grew out of.

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// A chat in its simplest form: one event there, one event back.
    QuickChat,
    /// Names, one event for everyone, and acknowledgements.
    SessionChat,
    /// What a socket is, and who gets what is emitted.
    Sockets,
    /// Login, rooms, and being disconnected.
    Rooms,
    /// The browser's own WebSocket, without any library.
    WebSocket,
}

impl Note {
    /// In the order in which one reads them.
    pub const ALL: [Self; 5] = [Self::QuickChat, Self::SessionChat, Self::Sockets, Self::Rooms, Self::WebSocket];

    /// As it stands in the page's address.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::QuickChat => "quick-chat",
            Self::SessionChat => "session-chat",
            Self::Sockets => "sockets",
            Self::Rooms => "rooms",
            Self::WebSocket => "websocket",
        }
    }

    /// The page of that address, which may also be its number, from 1.
    #[must_use]
    pub fn parse(slug: &str) -> Option<Self> {
        let named = Self::ALL.into_iter().find(|note| note.slug() == slug);
        named.or_else(|| Self::ALL.get(slug.parse::<usize>().ok()?.checked_sub(1)?).copied())
    }

    /// The page's address.
    #[must_use]
    pub fn path(self) -> String {
        format!("/learn/{}", self.slug())
    }

    /// From 1.
    #[must_use]
    pub fn number(self) -> usize {
        self as usize + 1
    }

    /// The one to read next.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self.number()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Note;

    #[test]
    fn a_page_has_a_speaking_address_and_a_number() {
        for note in Note::ALL {
            assert_eq!(Note::parse(note.slug()), Some(note));
            assert_eq!(Note::parse(&note.number().to_string()), Some(note));
        }
        assert_eq!(Note::parse("0"), None);
        assert_eq!(Note::parse("6"), None);
        assert_eq!(Note::parse("chat"), None);
    }

    #[test]
    fn the_pages_follow_each_other() {
        assert_eq!(Note::QuickChat.next(), Some(Note::SessionChat));
        assert_eq!(Note::WebSocket.next(), None);
    }
}
