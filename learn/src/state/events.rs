//! Event names of the study notes, as their pages and servers use them; Madang's own protocol has others.

/// Quick chat, to the server: `{text}`.
pub const SEND_MESSAGE: &str = "send_message";
/// Quick chat, from the server: `{text}`.
pub const MESSAGE_FROM_SERVER: &str = "message_from_server";

/// Session chat, to the server: `{user_name, message}`, or `{data}` when a page has connected.
pub const MY_EVENT: &str = "my event";
/// Session chat, from the server: the same object.
pub const MY_RESPONSE: &str = "my response";

/// To everyone else when somebody connects; without data.
pub const HI: &str = "hi";
/// A text, both ways.
pub const CHAT_MESSAGE: &str = "chat message";
/// Any data; the event by which the ways of emitting are tried.
pub const SOME_EVENT: &str = "some event";
/// Asks the server to emit `some event`: `{how, id, data}`.
pub const TRY_EMIT: &str = "try emit";

/// Rooms, to the server: `{name, userid}`; from it: the name.
pub const LOGIN: &str = "login";
/// Rooms, to the server: `{msg}` or `{msg, room}`; from it: `{from: {name, userid}, msg}`.
pub const CHAT: &str = "chat";
/// Rooms: `{msg, to}`, where `to` is `sender`, `all` or an id; from the server `{from, msg}`.
pub const S2C_CHAT: &str = "s2c chat";
/// Asks the server to end the connection.
pub const FORCE_DISCONNECT: &str = "forceDisconnect";
/// A room by its name.
pub const JOIN: &str = "join";
/// A room by its name.
pub const LEAVE: &str = "leave";

/// A way of emitting on the server, as a page asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// To all.
    Io,
    /// To the sender alone.
    Socket,
    /// To all but the sender.
    Broadcast,
    /// To one id.
    To,
}

impl How {
    /// In the order in which they are explained.
    pub const ALL: [Self; 4] = [Self::Io, Self::Socket, Self::Broadcast, Self::To];

    /// As one writes it on a server in JavaScript, and as it stands in [`TRY_EMIT`].
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Io => "io.emit",
            Self::Socket => "socket.emit",
            Self::Broadcast => "socket.broadcast.emit",
            Self::To => "io.to(id).emit",
        }
    }
}
