//! Every URL of the chat, once: what the server listens on, and where the page links and posts to.
//!
//! A URL with a parameter in braces is written as axum writes it; [`with`] puts the parameter in.

/// The join page.
pub const JOIN_PAGE: &str = "/";
/// The join form is posted here.
pub const JOIN: &str = "/join";
/// Signing out is posted here.
pub const LEAVE: &str = "/leave";
/// Language and theme are posted here.
pub const SETTINGS: &str = "/settings";
/// The list of all rooms. A new room is posted here.
pub const ROOMS: &str = "/rooms";
/// The form for a new room.
pub const NEW_ROOM: &str = "/rooms/new";
/// The page of a room.
pub const ROOM: &str = "/r/{slug}";
/// Becoming a member of a room is posted here.
pub const JOIN_ROOM: &str = "/r/{slug}/join";
/// Leaving a room is posted here.
pub const LEAVE_ROOM: &str = "/r/{slug}/leave";
/// A message is posted here.
pub const MESSAGES: &str = "/r/{slug}/messages";
/// A message's new text is posted here.
pub const EDIT_MESSAGE: &str = "/messages/{id}/edit";
/// The deletion of a message is posted here.
pub const DELETE_MESSAGE: &str = "/messages/{id}/delete";
/// The page of the lobby.
pub const LOBBY: &str = "/r/lobby";
/// The pages on how chats talk, which are not the chat's own.
pub const LEARN: &str = "/learn";
/// Whether the server can serve, for monitoring.
pub const HEALTH: &str = "/health";
/// The icon.
pub const ICON: &str = "/favicon.svg";
/// The files of the built UI.
pub const FILES: &str = "/pkg/{*file}";
/// The Socket.IO server.
pub const SOCKET_IO: &str = "/socket.io";
/// The plain WebSocket.
pub const WEB_SOCKET: &str = "/ws";

/// A URL with `parameter`, which is percent-encoded already or is to be encoded by the browser, in the place of the one in
/// braces.
#[must_use]
pub fn with(url: &str, parameter: &str) -> String {
    match (url.find('{'), url.find('}')) {
        (Some(begin), Some(end)) => [&url[..begin], parameter, &url[end + 1..]].concat(),
        _ => url.to_owned(),
    }
}

/// What stands in the slug's place in the path of a room's page, or of something below it; as it is written there.
#[must_use]
pub fn slug_of(path: &str) -> Option<&str> {
    let slug = path.strip_prefix("/r/")?.split('/').next()?;
    (!slug.is_empty()).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_takes_the_place_of_its_name() {
        assert_eq!(with(ROOM, "lobby"), LOBBY);
        assert_eq!(with(MESSAGES, "%EA%B3%B5"), "/r/%EA%B3%B5/messages");
        assert_eq!(with(DELETE_MESSAGE, "12"), "/messages/12/delete");
        assert_eq!(with(ROOMS, "unused"), ROOMS);
    }

    #[test]
    fn a_slug_is_found_in_what_belongs_to_its_room() {
        assert_eq!(slug_of(LOBBY), Some("lobby"));
        assert_eq!(slug_of(&with(LEAVE_ROOM, "garden")), Some("garden"));
        for none in [ROOMS, JOIN_PAGE, "/r/", "/r", "/room/lobby"] {
            assert_eq!(slug_of(none), None, "{none}");
        }
    }
}
